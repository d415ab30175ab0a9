import type { Clock, Timer } from './clock.ts';

/** Longest delay that every runtime's `setTimeout` honours; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * One re-armable wake-up. Never early: a timer that fires before its time, as Node's may by a fraction of a
 * millisecond, is set again. Postponing and clearing leave the running timer alone, so both are cheap.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: (now: number) => void;
  #dueAt = Infinity;
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock, ring: (now: number) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** When it rings; Infinity is never. */
  get dueAt(): number {
    return this.#dueAt;
  }

  set(at: number, now: number): void {
    const wasClear = this.#dueAt === Infinity;
    this.#dueAt = at;
    if (this.#timer !== undefined && this.#timerAt <= at) {
      if (wasClear) this.#timer.keepAlive(true);
      return;
    }
    this.#timer?.cancel();
    this.#start(now);
  }

  /** Keeps quiet until the next `set`, and no longer keeps the process alive. */
  clear(): void {
    if (this.#dueAt === Infinity) return;
    this.#dueAt = Infinity;
    this.#timer?.keepAlive(false);
  }

  #start(now: number): void {
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(1, Math.ceil(this.#dueAt - now)));
    this.#timerAt = now + delayMs;
    this.#timer = this.#clock.setTimer(this.#fired, delayMs);
  }

  readonly #fired = (): void => {
    this.#timer = undefined;
    if (this.#dueAt === Infinity) return;
    const now = this.#clock.now();
    if (now < this.#dueAt) {
      this.#start(now);
      return;
    }
    this.#dueAt = Infinity;
    this.#ring(now);
  };
}
