import type { EventView } from '../wire/views.ts';
import { byId, element, setText } from './dom.ts';
import { formatCount, formatMs } from './format.ts';

/** Lines that are shown. */
const MOST_LINES = 80;

const ROUTINE: ReadonlySet<string> = new Set(['queued', 'admitted', 'attempt', 'outcome', 'settled']);

/** Fields that have a place of their own, or are of no use to a reader. */
const APART: ReadonlySet<string> = new Set(['number', 'type', 'at', 'host', 'call', 'url', 'method']);

/** What the engine says, as it happens; the latest first. */
export class EventList {
  readonly #list = byId('events', HTMLOListElement);
  readonly #missed = byId('events-missed', HTMLParagraphElement);
  readonly #everyCall = byId('events-every-call', HTMLInputElement);
  readonly #ofSelected = byId('events-of-selected', HTMLInputElement);
  #key = '';

  constructor(changed: () => void) {
    // It scrolls, and by key only what has the focus does.
    this.#list.tabIndex = 0;
    for (const box of [this.#everyCall, this.#ofSelected]) box.addEventListener('change', changed);
  }

  show(events: readonly EventView[], selected: string | undefined, wallOffset: number): void {
    const only = this.#ofSelected.checked ? selected : undefined;
    const shown = events
      .filter(({ type, host }) => (this.#everyCall.checked || !ROUTINE.has(type)) && (only ?? host) === host)
      .slice(0, MOST_LINES);
    const key = shown.map(({ number }) => number).join();
    if (key === this.#key && shown.length > 0) return;
    this.#key = key;
    const none = element('li', { class: 'none' }, 'Nothing yet.');
    this.#list.replaceChildren(...(shown.length === 0 ? [none] : shown.map((event) => line(event, wallOffset))));
  }

  showMissed(missed: number): void {
    setText(this.#missed, missed === 0 ? '' : `${formatCount(missed)} of every call's events were too many to show.`);
  }
}

function line(event: EventView, wallOffset: number): HTMLLIElement {
  const time = new Date(event.at + wallOffset);
  const clock = `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  return element(
    'li',
    {},
    element('time', {}, clock),
    element('span', { class: `type ${event.type}` }, event.type),
    element('span', { class: 'host' }, event.host),
    element('span', { class: 'what' }, describe(event)),
  );
}

function describe(event: EventView): string {
  const { call, url, method } = event;
  const parts = call === undefined ? [] : [`call ${call}`];
  if (url !== undefined) parts.push(`${method ?? ''} ${url}`.trim());
  for (const [field, value] of Object.entries(event)) if (!APART.has(field)) parts.push(describeField(field, value));
  return parts.join(' · ');
}

function describeField(field: string, value: string | number | boolean): string {
  if (typeof value === 'number' && field.endsWith('Ms')) return `${words(field.slice(0, -2))} ${formatMs(value)}`;
  return `${words(field)} ${typeof value === 'number' ? formatCount(value) : value}`;
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
