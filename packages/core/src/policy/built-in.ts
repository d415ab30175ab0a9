import { stretched } from '../retry/backoff.ts';
import type {
  BreakerPolicy,
  BudgetPolicy,
  HedgePolicy,
  HintsPolicy,
  HostPolicy,
  PacePolicy,
  QueuePolicy,
  RetryPolicy,
} from './options.ts';

interface BuiltIn extends HostPolicy {
  readonly concurrency: number;
  readonly queue: Required<QueuePolicy>;
  readonly retry: Required<Omit<RetryPolicy, 'when'>>;
  readonly budget: Required<BudgetPolicy>;
  readonly hints: Required<HintsPolicy>;
  readonly pace: Required<PacePolicy>;
}

/** What holds where a policy says nothing. What is not here is off or without bound. */
export const BUILT_IN: BuiltIn = {
  concurrency: Number.POSITIVE_INFINITY,
  queue: { maxLength: 10_000, maxWaitMs: 60_000, onFull: 'reject-new', order: 'fifo', targetWaitMs: 1_000 },
  retry: {
    maxRetries: 3,
    backoff: stretched,
    // The idempotent methods of RFC 9110 §9.2.2, and QUERY.
    methods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'],
    statuses: [408, 425, 429, 500, 502, 503, 504],
  },
  budget: { ratio: 0.2, minPerSecond: 1, windowMs: 10_000 },
  hints: { maxRetryAfterMs: 60_000, rateLimitHeaders: true },
  pace: { minPerSecond: 0.25 },
};

/** The pace bounds retries better than a fixed share of them does, so the budget is only there without it, or if asked for. */
export function builtInFor({ budget, pace }: HostPolicy): HostPolicy {
  return budget === undefined && pace !== false ? { ...BUILT_IN, budget: false } : BUILT_IN;
}

/** What holds in a breaker that says nothing. It is not of the built-in policy, which has none. */
export const BREAKER: Required<Omit<BreakerPolicy, 'healthCheck'>> = {
  consecutiveFailures: 5,
  failureRatio: 0.5,
  windowMs: 30_000,
  minAttempts: 100,
  statuses: Array.from({ length: 100 }, (_, index) => 500 + index),
  openMs: 5_000,
  maxOpenMs: 60_000,
  probes: 1,
  whileOpen: 'refuse',
};

/** What holds in hedging that says nothing; the built-in policy has none. */
export const HEDGE: Required<Omit<HedgePolicy, 'afterMs'>> = { quantile: 0.95, minSamples: 100, ratio: 0.05 };
