import { Heap } from '../heap.ts';
import type { Clock, Timer } from '../time/clock.ts';

/** A clock that stands still until it is told to move. */
export interface VirtualClock extends Clock {
  /**
   * Moves time forward by `ms`, running every timer that falls due at its own time, and all promise work in between.
   *
   * @throws RangeError (as a rejection) unless `ms` is a finite number from 0.
   */
  advance(ms: number): Promise<void>;
  /** Runs timers in order until none is left that keeps the process alive; gives up after `maxMs` (default: one day). */
  runAll(maxMs?: number): Promise<void>;
  /** Lets pending promise work run without moving time. */
  settle(): Promise<void>;
  /** Steps the wall clock, as NTP or a user does; monotonic time goes on as before. */
  stepWall(ms: number): void;
  /** Timers that would keep a process alive. */
  readonly timers: number;
}

interface VirtualTimer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  alive: boolean;
}

/**
 * A `Clock` for tests and simulations.
 *
 * @param options.startMs first value of `now()`. Default 0.
 * @param options.wallMs first value of `wallNow()`. Default 2026-01-01T00:00:00Z.
 * @param options.settleTurns how many turns of the promise queue run between two timers. Default 64, enough for a chain of
 * that many awaits; real I/O is not waited for.
 *
 * @example
 * ```ts
 * import { createPaceline } from '@paceline/core';
 * import { virtualClock } from '@paceline/core/testing';
 *
 * const clock = virtualClock();
 * const pace = createPaceline({ clock });
 * pace.hold('api.example.com', 5_000);
 * await clock.advance(5_000);
 * ```
 */
export function virtualClock(
  options: { readonly startMs?: number; readonly wallMs?: number; readonly settleTurns?: number } = {},
): VirtualClock {
  const { startMs = 0, wallMs = Date.UTC(2026, 0, 1), settleTurns = 64 } = options;
  const timers = new TimerQueue();
  let now = startMs;
  let wallOffset = wallMs - startMs;
  let order = 0;

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < settleTurns; turn += 1) await undefined;
  };

  /** Runs the timers of the next due time if it is not after `until`; says whether there were any. */
  const step = async (until: number): Promise<boolean> => {
    const next = timers.first;
    if (next === undefined || next.at > until) return false;
    now = Math.max(now, next.at);
    timers.remove(next);
    next.callback();
    await settle();
    return true;
  };

  return {
    now: () => now,
    wallNow: () => now + wallOffset,
    setTimer(callback, delayMs): Timer {
      order += 1;
      const timer: VirtualTimer = { at: now + Math.max(0, delayMs), order, callback, alive: true };
      timers.push(timer);
      return {
        cancel: () => timers.remove(timer),
        keepAlive: (on) => timers.keepAlive(timer, on),
      };
    },
    async advance(ms) {
      if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`advance: expected milliseconds from 0, got ${ms}`);
      const until = now + ms;
      await settle();
      while (await step(until));
      // Not less than before, also where two of these run at once.
      now = Math.max(now, until);
      await settle();
    },
    async runAll(maxMs = 86_400_000) {
      const until = now + maxMs;
      await settle();
      while (timers.alive > 0 && (await step(until)));
    },
    settle,
    stepWall(ms) {
      wallOffset += ms;
    },
    get timers() {
      return timers.alive;
    },
  };
}

/** Timers by due time, then by order of setting. Cancelled ones are dropped when they come to the top. */
class TimerQueue {
  readonly #heap = new Heap<VirtualTimer>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  readonly #pending = new Set<VirtualTimer>();
  #alive = 0;

  get first(): VirtualTimer | undefined {
    while (this.#heap.first !== undefined && !this.#pending.has(this.#heap.first)) this.#heap.shift();
    return this.#heap.first;
  }

  get alive(): number {
    return this.#alive;
  }

  push(timer: VirtualTimer): void {
    this.#pending.add(timer);
    this.#heap.push(timer);
    this.#alive += 1;
  }

  remove(timer: VirtualTimer): void {
    if (this.#pending.delete(timer) && timer.alive) this.#alive -= 1;
  }

  keepAlive(timer: VirtualTimer, on: boolean): void {
    if (this.#pending.has(timer) && timer.alive !== on) this.#alive += on ? 1 : -1;
    timer.alive = on;
  }
}
