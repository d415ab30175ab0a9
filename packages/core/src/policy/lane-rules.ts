import { exponential } from '../retry/backoff.ts';
import type { HostPolicy, Rate, RetryPolicy } from './options.ts';
import type { BudgetRules, HintsRules, LaneRules, QueueRules, RateRule, RetryRules } from './rules.ts';

const QUEUE: QueueRules = {
  maxLength: 10_000,
  maxWaitMs: 60_000,
  onFull: 'reject-new',
  order: 'fifo',
  targetWaitMs: 1_000,
};

const RETRY: Required<Omit<RetryPolicy, 'when'>> = {
  maxRetries: 3,
  backoff: exponential({ baseMs: 100, capMs: 20_000, jitter: 'full' }),
  // The idempotent methods of RFC 9110 §9.2.2, and QUERY.
  methods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'],
  statuses: [408, 425, 429, 500, 502, 503, 504],
};

const BUDGET: BudgetRules = { ratio: 0.2, minPerSecond: 1, windowMs: 10_000 };

const HINTS: HintsRules = { maxRetryAfterMs: 60_000, rateLimitHeaders: true };

/** Compiles a valid policy without anything `undefined` in it: every default filled in, nothing to change any more. */
export function laneRules(policy: HostPolicy): LaneRules {
  const rates = rateRules(policy);
  const { attemptMs = Infinity, totalMs = Infinity } = policy.timeouts ?? {};
  return Object.freeze({
    rates,
    maxCost: Math.min(...rates.map((rate) => rate.burst)),
    concurrency: policy.concurrency ?? Infinity,
    queue: filledIn(QUEUE, policy.queue),
    retry: policy.retry === false ? undefined : retryRules(policy.retry),
    budget: policy.budget === false ? undefined : filledIn(BUDGET, policy.budget),
    hints: policy.hints === false ? undefined : filledIn(HINTS, policy.hints),
    attemptMs,
    totalMs,
  });
}

function filledIn<R extends object>(defaults: R, policy: Partial<R> | undefined): R {
  return Object.freeze({ ...defaults, ...policy });
}

/** A rate without bound is no rate, so that nobody has to do arithmetic with Infinity. */
function rateRules({ rate = [], burst }: HostPolicy): readonly RateRule[] {
  const rates = isSingle(rate) ? [rate] : rate;
  const bounded = rates.filter((one) => Number.isFinite(perSecondOf(one)));
  return Object.freeze(bounded.map((one) => rateRule(one, burst)));
}

function rateRule(rate: Rate, shared: number | undefined): RateRule {
  const burst = Math.max(1, rate.burst ?? shared ?? perSecondOf(rate));
  return Object.freeze({ tokensPerMs: rate.limit / rate.perMs, burst });
}

/** Multiplies first: 1001 tokens every 1000 ms are 1001 a second, not a fraction less. */
function perSecondOf({ limit, perMs }: Rate): number {
  return (limit * 1000) / perMs;
}

function retryRules(policy: RetryPolicy | undefined): RetryRules {
  const { maxRetries, backoff, methods, statuses, when } = { ...RETRY, when: undefined, ...policy };
  const upperCase = methods.map((method) => method.toUpperCase());
  return Object.freeze({ maxRetries, backoff, methods: new Set(upperCase), statuses: new Set(statuses), when });
}

function isSingle(rate: Rate | readonly Rate[]): rate is Rate {
  return !Array.isArray(rate);
}
