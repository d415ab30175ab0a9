import type { Timer } from '@paceline/core';
import { type VirtualClock, virtualClock } from '@paceline/core/testing';

type SetTimer = (callback: () => void, delayMs: number) => Timer;

/** A virtual clock that counts the timers that are set on it. */
export function countingClock(): VirtualClock & { readonly timersSet: number } {
  let timersSet = 0;
  const clock = withTimers((set) => (callback, delayMs) => {
    timersSet += 1;
    return set(callback, delayMs);
  });
  return Object.defineProperty(clock, 'timersSet', { get: () => timersSet }) as VirtualClock & { timersSet: number };
}

/** Timers fire early by this much, as Node's may by a fraction of a millisecond. */
export function earlyClock(byMs: number): VirtualClock {
  return withTimers((set) => (callback, delayMs) => set(callback, Math.max(0, delayMs - byMs)));
}

/** A delay of 2^31 ms or more fires after 1 ms, as `setTimeout`'s does. */
export function overflowingClock(): VirtualClock {
  return withTimers((set) => (callback, delayMs) => set(callback, delayMs < 2 ** 31 ? delayMs : 1));
}

/** Timers run on whole steps only, as those of a page in the background do. */
export function throttledClock(stepMs: number): VirtualClock {
  const clock: VirtualClock = withTimers((set) => (callback, delayMs) => {
    const due = clock.now() + delayMs;
    return set(callback, Math.ceil(due / stepMs) * stepMs - clock.now());
  });
  return clock;
}

/** Calls `then` right after every timer's own work, before any promise work that it set off. */
export function followedClock(then: () => void): VirtualClock {
  return withTimers((set) => (callback, delayMs) => {
    const both = (): void => {
      callback();
      then();
    };
    return set(both, delayMs);
  });
}

/** A clock that can go to sleep: `suspend` passes time in which no timer runs. */
export function suspendableClock(): VirtualClock & { suspend(ms: number): void } {
  const base = virtualClock();
  let asleepMs = 0;
  const clock: VirtualClock = Object.create(base, { now: { value: () => base.now() + asleepMs } });
  return Object.assign(clock, {
    suspend: (ms: number) => {
      asleepMs += ms;
    },
  });
}

function withTimers(wrap: (set: SetTimer) => SetTimer): VirtualClock {
  const base = virtualClock();
  return Object.create(base, { setTimer: { value: wrap((callback, delayMs) => base.setTimer(callback, delayMs)) } });
}
