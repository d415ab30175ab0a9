/** Something that happens at a point of virtual time. */
export interface SimEvent {
  readonly at: number;
  /** Events of the same instant happen in the order in which they were planned. */
  readonly order: number;
  /** Undefined once the event was called off. */
  action: (() => void) | undefined;
}

/** All that is still to happen, earliest first. */
export class EventHeap {
  readonly #events: SimEvent[] = [];

  get first(): SimEvent | undefined {
    return this.#events[0];
  }

  push(event: SimEvent): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = events[parent] as SimEvent;
      if (!isBefore(event, above)) break;
      events[index] = above;
      index = parent;
    }
    events[index] = event;
  }

  shift(): void {
    const events = this.#events;
    const last = events.pop();
    if (last === undefined || events.length === 0) return;
    let index = 0;
    for (;;) {
      const child = this.#earlierChild(index);
      const below = events[child];
      if (below === undefined || !isBefore(below, last)) break;
      events[index] = below;
      index = child;
    }
    events[index] = last;
  }

  #earlierChild(index: number): number {
    const left = 2 * index + 1;
    const a = this.#events[left];
    const b = this.#events[left + 1];
    return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
