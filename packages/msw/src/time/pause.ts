import type { Clock } from './clock.ts';

/** A wait for the client's benefit, which ends early when the client gives up. */
export interface Pause {
  /** `Infinity` waits for the abort alone. */
  readonly ms: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onAbort: () => void;
}

/**
 * Resolves after `ms`, or never once `signal` has aborted: MSW has by then failed the request itself, refuses any other
 * answer, and must not go on to ask the handlers behind this one. Nothing refers to the abandoned promise.
 */
export function pause({ ms, clock, signal, onAbort }: Pause): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return onAbort();
    if (ms === 0) return resolve();
    const abort = (): void => {
      timer?.cancel();
      onAbort();
    };
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : clock.setTimer(finish, ms);
    signal.addEventListener('abort', abort, { once: true });

    function finish(): void {
      signal.removeEventListener('abort', abort);
      resolve();
    }
  });
}
