import type { HostView } from '../wire/views.ts';
import { Charts } from './charts.ts';
import { byId, element, setText } from './dom.ts';
import { formatCount, formatCountdown, formatMs, formatNumber } from './format.ts';
import type { Host } from './host.ts';
import type { Model } from './model.ts';
import { TuningForm } from './tuning-form.ts';

/** Figures that have a place of their own. Whatever else an engine tells of a host is shown as it comes. */
const PLACED: ReadonlySet<string> = new Set<keyof HostView>([
  'host',
  'queued',
  'backingOff',
  'inFlight',
  'concurrency',
  'buckets',
  'budget',
  'holdMs',
  'counters',
  'wait',
  'latency',
  'settings',
]);

/** Figures of three values need more room. */
const QUANTILES: ReadonlySet<string> = new Set(['Wait p50 · p90 · p99', 'Attempt p50 · p90 · p99']);

type Figures = readonly (readonly [name: string, value: string])[];

/** All about the selected host, or about all hosts together. */
export class Panel {
  readonly #title = byId('panel-title', HTMLHeadingElement);
  readonly #back = byId('panel-all', HTMLButtonElement);
  readonly #hold = byId('panel-hold', HTMLParagraphElement);
  readonly #figures = byId('panel-figures', HTMLDListElement);
  readonly #charts = new Charts();
  readonly #tuning = new TuningForm();
  readonly #values = new Map<string, HTMLElement>();
  #host: Host | undefined;

  constructor(selectAll: () => void) {
    this.#back.addEventListener('click', () => {
      selectAll();
      this.#title.focus();
    });
  }

  show(model: Model, host: Host | undefined): void {
    this.#host = host;
    setText(this.#title, host?.view.host ?? 'All hosts');
    this.#back.hidden = host === undefined;
    this.#charts.show(model.timeline, host === undefined ? model.total : host.trace);
    this.#showFigures(host === undefined ? totalsOf(model) : figuresOf(host.view));
    this.#tuning.show(model.tune ? host : undefined);
    this.tick();
  }

  /** Lets the hold run down between two frames. */
  tick(): void {
    const holdMs = this.#host?.holdMs(performance.now()) ?? 0;
    this.#hold.hidden = holdMs === 0;
    if (holdMs > 0) setText(this.#hold, `Held: nothing leaves for ${formatCountdown(holdMs)}`);
  }

  /** The same figures in the same order keep their elements, so that a reader does not lose the place. */
  #showFigures(figures: Figures): void {
    if (figures.map(([name]) => name).join() !== [...this.#values.keys()].join()) {
      this.#values.clear();
      this.#figures.replaceChildren(
        ...figures.map(([name]) => {
          const value = element('dd');
          this.#values.set(name, value);
          return element('div', { class: QUANTILES.has(name) ? 'wide' : '' }, element('dt', {}, name), value);
        }),
      );
    }
    for (const [name, text] of figures) {
      const value = this.#values.get(name);
      if (value !== undefined) setText(value, text);
    }
  }
}

function figuresOf(view: HostView): Figures {
  const { counters, wait, latency, buckets } = view;
  const quantiles = ({ p50, p90, p99 }: HostView['wait']): string => [p50, p90, p99].map(formatMs).join(' · ');
  const bucketTexts = buckets.map(({ tokens, burst }) => `${formatNumber(tokens)} of ${formatNumber(burst)}`);
  return [
    ['Waiting', formatCount(view.queued)],
    ['In flight', view.concurrency === null ? formatCount(view.inFlight) : `${view.inFlight} of ${view.concurrency}`],
    ['Backing off', formatCount(view.backingOff)],
    ['Tokens', bucketTexts.length === 0 ? 'unlimited' : bucketTexts.join(', ')],
    ['Retries to spend', view.budget === null ? 'no budget' : formatNumber(view.budget)],
    ['Wait p50 · p90 · p99', quantiles(wait)],
    ['Attempt p50 · p90 · p99', quantiles(latency)],
    ['Calls', formatCount(counters.calls)],
    ['Attempts', formatCount(counters.attempts)],
    ['Settled', formatCount(counters.settled)],
    ['Given up by callers', formatCount(counters.aborted)],
    ['Retries not paid for', formatCount(counters.unpaid)],
    ['Fallbacks', formatCount(counters.fallbacks)],
    ...counts('Retried', counters.retries),
    ...counts('Refused', counters.refused),
    ...furtherFigures(view),
  ];
}

function counts(name: string, by: Readonly<Partial<Record<string, number>>>): Figures {
  return Object.entries(by).map(([kind, count]) => [`${name}: ${kind}`, formatCount(count ?? 0)]);
}

/** What a newer engine tells besides: `pace`, `breaker`, whatever it is called. */
function furtherFigures(view: HostView): Figures {
  return Object.entries(view)
    .filter(([name]) => !PLACED.has(name))
    .flatMap(([name, value]) => flattened(name, value));
}

function flattened(name: string, value: unknown): Figures {
  if (value === null || value === undefined) return [];
  if (typeof value === 'number') return [[name, name.endsWith('Ms') ? formatMs(value) : formatNumber(value)]];
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([field, held]) => flattened(`${name} ${field}`, held));
  }
  return [[name, String(value)]];
}

function totalsOf(model: Model): Figures {
  const { queued, inFlight, backingOff, held } = model.sums();
  let calls = 0;
  let attempts = 0;
  for (const { view } of model.hosts.values()) {
    calls += view.counters.calls;
    attempts += view.counters.attempts;
  }
  return [
    ['Hosts', formatCount(model.hosts.size)],
    ['Held', formatCount(held)],
    ['Waiting', formatCount(queued)],
    ['In flight', formatCount(inFlight)],
    ['Backing off', formatCount(backingOff)],
    ['Calls', formatCount(calls)],
    ['Attempts', formatCount(attempts)],
  ];
}
