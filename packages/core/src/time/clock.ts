/** A timer that was set and may still be cancelled. */
export interface Timer {
  /** Forgets the timer; its callback will not run. */
  cancel(): void;
  /** Whether the timer keeps the process alive; only where the runtime knows the difference. */
  keepAlive(on: boolean): void;
}

/**
 * Where the engine's time comes from. Pass your own for tests and simulations; the default is the runtime's.
 *
 * `now` must never go back. `wallNow` is read only to turn an HTTP date into a delay, so a step of the wall clock
 * changes nothing else.
 */
export interface Clock {
  /** Monotonic time in milliseconds, from an arbitrary origin. */
  now(): number;
  /** Time since the Unix epoch in milliseconds. */
  wallNow(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now or a little later. */
  setTimer(callback: () => void, delayMs: number): Timer;
}
