import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';

/** How time goes by in a scenario. */
export interface Time {
  /** For the engine; undefined is the engine's default. */
  readonly clock: Clock | undefined;
  /**
   * Lets something happen.
   *
   * @param isStill whether nothing will but by the clock.
   */
  pass(isStill: boolean): Promise<void>;
}

export interface VirtualTime extends Time {
  readonly clock: Clock;
}

/** Time that goes from one timer of the engine to the next, and stands still while a client or the server works. */
export function virtualTime(): VirtualTime {
  const base = virtualClock();
  const dueAt = new Map<symbol, number>();
  const clock: Clock = {
    now: base.now,
    wallNow: base.wallNow,
    setTimer(callback, delayMs) {
      const id = Symbol();
      const ring = (): void => {
        dueAt.delete(id);
        callback();
      };
      dueAt.set(id, base.now() + Math.max(0, delayMs));
      const { cancel, keepAlive } = base.setTimer(ring, delayMs);
      return {
        keepAlive,
        cancel() {
          dueAt.delete(id);
          cancel();
        },
      };
    },
  };
  return {
    clock,
    async pass(isStill) {
      await nextTurn();
      if (!isStill) return;
      if (dueAt.size === 0) throw new Error('every call waits, and no timer runs');
      await base.advance(Math.min(...dueAt.values()) - base.now());
    },
  };
}

/** The runtime's own time. */
export const realTime: Time = { clock: undefined, pass: () => sleep(1) };
