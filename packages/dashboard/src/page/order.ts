import type { Host } from './host.ts';

export type SortKey =
  | 'host'
  | 'rate'
  | 'queued'
  | 'wait'
  | 'inFlight'
  | 'tokens'
  | 'retries'
  | 'refused'
  | 'p50'
  | 'p99'
  | 'hold';

/** What each column of the list is sorted by. */
const SORT_KEYS: Readonly<Record<SortKey, (host: Host) => string | number | null>> = {
  host: ({ view }) => view.host,
  rate: ({ attemptsPerSecond }) => attemptsPerSecond,
  queued: ({ view }) => view.queued,
  wait: ({ view }) => view.wait.p90,
  inFlight: ({ view }) => view.inFlight,
  tokens: ({ tokens }) => tokens,
  retries: ({ retriesPerSecond }) => retriesPerSecond,
  refused: ({ refused }) => refused,
  p50: ({ view }) => view.latency.p50,
  p99: ({ view }) => view.latency.p99,
  hold: ({ view }) => view.holdMs,
};

/** Which hosts are shown, and in which order. */
export interface Arrangement {
  /** Part of the host's name. */
  readonly text: string;
  readonly state: 'all' | 'busy' | 'held' | 'retrying';
  readonly key: SortKey;
  readonly descending: boolean;
}

const STATES: Readonly<Record<Arrangement['state'], (host: Host) => boolean>> = {
  all: () => true,
  busy: ({ view, attemptsPerSecond }) => attemptsPerSecond > 0 || view.queued + view.inFlight + view.backingOff > 0,
  held: ({ view }) => view.holdMs > 0,
  retrying: ({ view, retriesPerSecond }) => retriesPerSecond > 0 || view.backingOff > 0,
};

export function isSortKey(name: string | undefined): name is SortKey {
  return name !== undefined && Object.hasOwn(SORT_KEYS, name);
}

/** Hosts in the order of the arrangement; equals by name, and those without a figure last, whichever way it goes. */
export function arrange(hosts: Iterable<Host>, { text, state, key, descending }: Arrangement): readonly Host[] {
  const part = text.trim().toLowerCase();
  const isShown = STATES[state];
  const keyOf = SORT_KEYS[key];
  const keyed = Array.from(hosts, (host) => ({ host, name: host.view.host, key: keyOf(host) })).filter(
    ({ host, name }) => isShown(host) && name.toLowerCase().includes(part),
  );
  const direction = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null)
      return Number(a.key === null) - Number(b.key === null) || byText(a.name, b.name);
    return direction * compare(a.key, b.key) || byText(a.name, b.name);
  });
  return keyed.map(({ host }) => host);
}

const collator = new Intl.Collator('en', { numeric: true });

function byText(a: string, b: string): number {
  return collator.compare(a, b);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : byText(String(a), String(b));
}
