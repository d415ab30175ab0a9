/** Time over which a speed is averaged: long enough for one call a second to show as one. */
const WINDOW_MS = 3_000;

interface Reading {
  readonly at: number;
  readonly total: number;
}

/** How fast a total grows, told from its last readings. */
export class Speed {
  #readings: Reading[] = [];

  /** Takes a reading; `at` is in milliseconds. A total that has fallen is another one: it starts again. */
  read(total: number, at: number): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && (total < last.total || at < last.at)) this.#readings = [];
    this.#readings.push({ at, total });
    while ((this.#readings[1]?.at ?? at) <= at - WINDOW_MS) this.#readings.shift();
  }

  /** Per second. */
  get perSecond(): number {
    const first = this.#readings[0];
    const last = this.#readings.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return ((last.total - first.total) * 1_000) / (last.at - first.at);
  }
}
