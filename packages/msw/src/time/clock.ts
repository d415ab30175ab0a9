/** A timer that was set and may still be cancelled. */
export interface Timer {
  cancel(): void;
}

/** Where a scenario's time comes from; `virtualClock()` of `@paceline/core/testing` is one. */
export interface Clock {
  /** Monotonic time in milliseconds, from an arbitrary origin. */
  now(): number;
  /** Time since the Unix epoch in milliseconds; read for headers that carry a date. */
  wallNow(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now or a little later. */
  setTimer(callback: () => void, delayMs: number): Timer;
}

/** The runtime's own time. Its functions are looked up at each use, so that a test runner's fake timers are honoured. */
export const runtimeClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
