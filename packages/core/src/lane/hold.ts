/** Who set a hold; `store` is another process that shares the lane. */
export type HoldSource = 'retry-after' | 'rate-limit' | 'manual' | 'store';

/** A server that names one moment to everybody gets them all at once; this much of the wait is added at random. */
const JITTER_SHARE = 0.25;

/** No hold is lengthened by more than this, in milliseconds. */
const MOST_JITTER_MS = 500;

/** A server's wait plus a little jitter, never shorter. */
export function jitteredHoldMs(waitMs: number, random: () => number): number {
  return waitMs + random() * Math.min(MOST_JITTER_MS, waitMs * JITTER_SHARE);
}
