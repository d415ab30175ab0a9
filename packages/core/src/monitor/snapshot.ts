import type { BreakerStateName } from '../breaker/reasons.ts';
import type { PacelineErrorCode } from '../errors.ts';
import type { RetryReason } from '../retry/reasons.ts';
import type { StoreState } from '../store/pace-store.ts';

/** Plain JSON; `JSON.stringify` loses nothing. Times are in milliseconds. */
export interface Snapshot {
  /** Monotonic time of the engine's clock. */
  readonly at: number;
  readonly closed: boolean;
  /** One entry a lane, in order of creation. */
  readonly lanes: readonly LaneSnapshot[];
}

/** One lane's state and figures. */
export interface LaneSnapshot {
  readonly host: string;
  /** Calls waiting for their turn. */
  readonly queued: number;
  /** Calls between two attempts. */
  readonly backingOff: number;
  readonly inFlight: number;
  /** What the policy allows; null is unlimited. */
  readonly concurrency: number | null;
  /** One entry a rate of the policy. With a store: as this process last saw them, its lease not included. */
  readonly buckets: readonly BucketSnapshot[];
  /** Retries that could be paid now; null where the budget is off. */
  readonly budget: number | null;
  /** What is left of a hold; 0 is none. */
  readonly holdMs: number;
  /** What the host is thought to bear; null while it is well, or where the pace is off. */
  readonly pace: PaceSnapshot | null;
  /** How the lane stands with its store; null without one. */
  readonly store: StoreSnapshot | null;
  /** Null where the policy has none. */
  readonly breaker: BreakerSnapshot | null;
  readonly counters: CountersSnapshot;
  /** Time in the queue, calls that did not wait included. */
  readonly wait: QuantilesSnapshot;
  /** Time of one attempt. */
  readonly latency: QuantilesSnapshot;
}

/** A lane that its host's outcomes limit. */
export interface PaceSnapshot {
  /** Attempts that may leave per second. */
  readonly perSecond: number;
  /** Attempts that may be in flight at once. */
  readonly inFlight: number;
  /** Moving average of the outcomes, from 0 (all good) to 1 (all bad). */
  readonly badness: number;
  /** Calls that arrive per second. */
  readonly demandPerSecond: number;
}

export interface BucketSnapshot {
  readonly tokens: number;
  readonly burst: number;
  readonly perSecond: number;
}

export interface StoreSnapshot {
  readonly state: StoreState;
  /** Tokens that the store granted to this process and that are not spent. */
  readonly leased: number;
  /** Processes that share the lane, as last seen; 1 before the store told. */
  readonly processes: number;
}

export interface BreakerSnapshot {
  readonly state: BreakerStateName;
  /**
   * What is left of the time for which it is open; 0 where it is not, or where the next call will try the host out. Null:
   * open until somebody closes it.
   */
  readonly openMs: number | null;
  /** Attempts of the policy's window that told of the host's health. */
  readonly attempts: number;
  /** Those of them that failed. */
  readonly failures: number;
  /** Failures since the last success. */
  readonly consecutiveFailures: number;
}

/** Totals since the lane was made. */
export interface CountersSnapshot {
  readonly calls: number;
  readonly attempts: number;
  /** Calls that ended with the transport's own outcome. */
  readonly settled: number;
  readonly retries: Readonly<Partial<Record<RetryReason, number>>>;
  readonly refused: Readonly<Partial<Record<PacelineErrorCode, number>>>;
  /** Calls that their caller gave up. */
  readonly aborted: number;
  /** Retries that the budget did not pay for. */
  readonly unpaid: number;
  /** Calls whose caller got the value of its fallback. */
  readonly fallbacks: number;
  /** Attempts that were sent beside a slow one. */
  readonly hedges: number;
  /** Hedges whose answer was the call's. */
  readonly hedgesWon: number;
}

/**
 * Estimates from a histogram of fixed size: at most 5 % or an eighth of a millisecond off, leaning to the recent. Null
 * where nothing was measured.
 */
export interface QuantilesSnapshot {
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}
