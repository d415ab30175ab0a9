import type { PaceEvent } from '@paceline/core';
import type { EventView } from '../wire/views.ts';
import { eventView } from './event-view.ts';

/** Events of every call, any number a second; the others would drown among them. */
const ROUTINE: ReadonlySet<string> = new Set<PaceEvent['type']>([
  'queued',
  'admitted',
  'attempt',
  'outcome',
  'settled',
]);

/** The latest events: of each of the two sorts as many as a reader can take in, whatever there were in between. */
export class RecentEvents {
  readonly #notable = new Ring(256);
  readonly #routine = new Ring(64);
  #number = 0;

  /** Called for every event of the engine, so it only puts it away. */
  readonly add = (event: PaceEvent): void => {
    this.#number += 1;
    const ring = ROUTINE.has(event.type) ? this.#routine : this.#notable;
    ring.put(this.#number, event);
  };

  /** Number of the latest. */
  get latest(): number {
    return this.#number;
  }

  /** Those later than `number` that are still known, in order. */
  since(number: number): readonly EventView[] {
    const events = [...this.#notable.since(number), ...this.#routine.since(number)];
    return events.sort((a, b) => a.number - b.number).map((entry) => eventView(entry.event, entry.number));
  }
}

interface Numbered {
  readonly number: number;
  readonly event: PaceEvent;
}

/** The last `size` entries. Overwrites in place: nothing is allocated for an event that nobody reads. */
class Ring {
  readonly #numbers: number[];
  readonly #events: (PaceEvent | undefined)[];
  #next = 0;

  constructor(size: number) {
    this.#numbers = new Array<number>(size).fill(0);
    this.#events = new Array<PaceEvent | undefined>(size).fill(undefined);
  }

  put(number: number, event: PaceEvent): void {
    this.#numbers[this.#next] = number;
    this.#events[this.#next] = event;
    this.#next = (this.#next + 1) % this.#numbers.length;
  }

  since(number: number): readonly Numbered[] {
    return this.#numbers.flatMap((own, index) => {
      const event = this.#events[index];
      return event !== undefined && own > number ? [{ number: own, event }] : [];
    });
  }
}
