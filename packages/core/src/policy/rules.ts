import type { RetryCondition } from '../call/call.ts';
import type { Backoff } from '../retry/backoff.ts';

/** A `HostPolicy` after validation: complete, immutable, nothing left to default. */
export interface LaneRules {
  /** Empty is unlimited. */
  readonly rates: readonly RateRule[];
  /** The smallest burst; what a call's `cost` is held against. Infinity without a rate. */
  readonly maxCost: number;
  readonly concurrency: number;
  readonly queue: QueueRules;
  /** Undefined is `retry: false`. */
  readonly retry: RetryRules | undefined;
  readonly budget: BudgetRules | undefined;
  readonly hints: HintsRules | undefined;
  readonly pace: PaceRules | undefined;
  readonly breaker: BreakerRules | undefined;
  readonly hedge: HedgeRules | undefined;
  /** Infinity is no timeout. */
  readonly attemptMs: number;
  readonly totalMs: number;
}

export interface RateRule {
  readonly tokensPerMs: number;
  readonly burst: number;
}

export interface QueueRules {
  readonly maxLength: number;
  readonly maxWaitMs: number;
  readonly onFull: 'reject-new' | 'drop-oldest';
  readonly order: 'fifo' | 'adaptive-lifo';
  readonly targetWaitMs: number;
}

export interface RetryRules {
  readonly maxRetries: number;
  readonly backoff: Backoff;
  /** Upper case. */
  readonly methods: ReadonlySet<string>;
  readonly statuses: ReadonlySet<number>;
  readonly when: RetryCondition | undefined;
}

export interface BudgetRules {
  readonly ratio: number;
  readonly minPerSecond: number;
  readonly windowMs: number;
}

export interface PaceRules {
  readonly minPerSecond: number;
}

export interface HintsRules {
  readonly maxRetryAfterMs: number;
  readonly rateLimitHeaders: boolean;
}

export interface BreakerRules {
  readonly consecutiveFailures: number;
  readonly failureRatio: number;
  readonly windowMs: number;
  readonly minAttempts: number;
  readonly statuses: ReadonlySet<number>;
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly probes: number;
  readonly whileOpen: 'refuse' | 'wait';
  readonly healthCheck: ((host: string) => boolean | Promise<boolean>) | undefined;
}

export interface HedgeRules {
  /** Undefined: the quantile decides. */
  readonly afterMs: number | undefined;
  readonly quantile: number;
  readonly minSamples: number;
  readonly ratio: number;
  /** Upper case. */
  readonly methods: ReadonlySet<string>;
}
