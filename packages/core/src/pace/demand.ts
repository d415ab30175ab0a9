/** Calls of a shorter time are taken for a burst, not for a rate. */
const LEAST_MS = 1_000;

const STEP_MS = 5_000;

/**
 * How many calls a second want to go to a host, over the last five to ten seconds. It reads a counter that is kept anyway,
 * so that a call costs it one comparison.
 */
export class Demand {
  /** When the window has to move on. */
  dueAt: number;
  #from: number;
  #callsBefore = 0;
  #nextFrom: number;
  #nextCallsBefore = 0;

  constructor(now: number) {
    this.#from = now;
    this.#nextFrom = now;
    this.dueAt = now + STEP_MS;
  }

  /** Moves the window on; `calls` is all that came before now. To be called once `dueAt` has come. */
  advance(calls: number, now: number): void {
    const wasQuiet = now - this.dueAt >= STEP_MS;
    this.#from = wasQuiet ? now : this.#nextFrom;
    this.#callsBefore = wasQuiet ? calls : this.#nextCallsBefore;
    this.#nextFrom = now;
    this.#nextCallsBefore = calls;
    this.dueAt = now + STEP_MS;
  }

  /** Of `calls` in all. */
  perSecond(calls: number, now: number): number {
    return ((calls - this.#callsBefore) * 1000) / Math.max(LEAST_MS, now - this.#from);
  }
}
