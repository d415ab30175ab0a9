/** What a lane spends, in tokens per millisecond, leaning to the last `windowMs`. */
export class Demand {
  readonly #windowMs: number;
  /** Tokens within the window, older ones for less. */
  #tokens = 0;
  #at = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(cost: number, now: number): void {
    this.#tokens = this.#decayed(now) + cost;
    this.#at = now;
  }

  /** Tokens that the next `ms` milliseconds will take if things go on as they are. */
  expected(ms: number, now: number): number {
    return (this.#decayed(now) * ms) / this.#windowMs;
  }

  #decayed(now: number): number {
    return this.#tokens * Math.exp((this.#at - now) / this.#windowMs);
  }
}
