import type { Clock } from './clock.ts';

/** What `setTimeout` returns in Node, Deno and Bun; browsers return a number. */
interface HostTimer {
  ref?: () => void;
  unref?: () => void;
}

/** The runtime's own monotonic time and timers. */
export const runtimeClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    const hostTimer: HostTimer = typeof timer === 'object' ? timer : {};
    return {
      cancel: () => clearTimeout(timer),
      keepAlive: (on) => (on ? hostTimer.ref?.() : hostTimer.unref?.()),
    };
  },
};
