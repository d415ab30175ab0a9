import type { BucketSnapshot } from '../monitor/snapshot.ts';
import type { RateRule } from '../policy/rules.ts';

/** Where a lane's tokens come from. */
export interface TokenSource {
  /** Milliseconds until `cost` tokens are there; 0 is now, Infinity where only an event can bring them. */
  waitMs(cost: number, now: number): number;
  /** Milliseconds until `cost` tokens could have left one after the other, if none leaves within the first `heldMs`. */
  waitForAllMs(cost: number, heldMs: number, now: number): number;
  /** Spends what `waitMs` saw. */
  take(cost: number): void;
  /** Takes back what was taken and never used. */
  giveBack(cost: number, now: number): void;
  /** Follows new rates: nothing is won, what does not fit any more is lost. */
  follow(rates: readonly RateRule[], now: number): void;
  /** Whether a new source in its place would behave the same. */
  isFull(now: number): boolean;
  snapshot(now: number): readonly BucketSnapshot[];
}
