/** The window forgets in steps of a tenth, so that it is up to a tenth shorter than it says. */
const SLICES = 10;

/** A count of what happened within a window of time up to now; of fixed size, whatever it counts. */
export class SlidingSum {
  readonly #slices: number[] = new Array<number>(SLICES).fill(0);
  #sum = 0;
  #current = 0;
  #sliceMs: number;
  #sliceEndsAt: number;

  constructor(windowMs: number, now: number) {
    this.#sliceMs = windowMs / SLICES;
    this.#sliceEndsAt = now + this.#sliceMs;
  }

  /** Another window from now on; what is in the old one stays. */
  resize(windowMs: number, now: number): void {
    this.#forget(now);
    this.#sliceMs = windowMs / SLICES;
    this.#sliceEndsAt = now + this.#sliceMs;
  }

  /** Counts one more. */
  add(now: number): void {
    if (now >= this.#sliceEndsAt) this.#forget(now);
    this.#slices[this.#current] = (this.#slices[this.#current] ?? 0) + 1;
    this.#sum += 1;
  }

  /** Takes back the last one, if the window still has one. */
  takeBack(): void {
    for (let age = 0; age < SLICES; age += 1) {
      const slice = (this.#current - age + SLICES) % SLICES;
      const count = this.#slices[slice] ?? 0;
      if (count === 0) continue;
      this.#slices[slice] = count - 1;
      this.#sum -= 1;
      return;
    }
  }

  /** How many are in the window. */
  total(now: number): number {
    this.#forget(now);
    return this.#sum;
  }

  #forget(now: number): void {
    if (now < this.#sliceEndsAt) return;
    const passed = Math.floor((now - this.#sliceEndsAt) / this.#sliceMs) + 1;
    for (let step = 0; step < Math.min(passed, SLICES); step += 1) {
      this.#current = (this.#current + 1) % SLICES;
      this.#sum -= this.#slices[this.#current] ?? 0;
      this.#slices[this.#current] = 0;
    }
    this.#sliceEndsAt += passed * this.#sliceMs;
  }
}
