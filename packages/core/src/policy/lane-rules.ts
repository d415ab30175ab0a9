import { type Backoff, exponential } from '../retry/backoff.ts';
import type { BudgetPolicy, HintsPolicy, HostPolicy, QueuePolicy, Rate, RetryPolicy } from './options.ts';
import type { BudgetRules, HintsRules, LaneRules, QueueRules, RateRule, RetryRules } from './rules.ts';

const BACKOFF: Backoff = exponential({ baseMs: 100, capMs: 20_000, jitter: 'full' });

/** The idempotent methods of RFC 9110 §9.2.2, and QUERY. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'];

const STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** Compiles a valid policy: every default filled in, nothing to change any more. */
export function laneRules(policy: HostPolicy): LaneRules {
  const rates = rateRules(policy);
  return Object.freeze({
    rates,
    maxCost: Math.min(...rates.map((rate) => rate.burst)),
    concurrency: policy.concurrency ?? Number.POSITIVE_INFINITY,
    queue: queueRules(policy.queue),
    retry: policy.retry === false ? undefined : retryRules(policy.retry),
    budget: policy.budget === false ? undefined : budgetRules(policy.budget),
    hints: policy.hints === false ? undefined : hintsRules(policy.hints),
    attemptMs: policy.timeouts?.attemptMs ?? Number.POSITIVE_INFINITY,
    totalMs: policy.timeouts?.totalMs ?? Number.POSITIVE_INFINITY,
  });
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

function queueRules(policy: QueuePolicy = {}): QueueRules {
  const {
    maxLength = 10_000,
    maxWaitMs = 60_000,
    onFull = 'reject-new',
    order = 'fifo',
    targetWaitMs = 1_000,
  } = policy;
  return Object.freeze({ maxLength, maxWaitMs, onFull, order, targetWaitMs });
}

function retryRules(policy: RetryPolicy = {}): RetryRules {
  const { maxRetries = 3, backoff = BACKOFF, methods = METHODS, statuses = STATUSES, when } = policy;
  const upperCase = methods.map((method) => method.toUpperCase());
  return Object.freeze({ maxRetries, backoff, methods: new Set(upperCase), statuses: new Set(statuses), when });
}

function budgetRules(policy: BudgetPolicy = {}): BudgetRules {
  const { ratio = 0.2, minPerSecond = 1, windowMs = 10_000 } = policy;
  return Object.freeze({ ratio, minPerSecond, windowMs });
}

function hintsRules(policy: HintsPolicy = {}): HintsRules {
  const { maxRetryAfterMs = 60_000, rateLimitHeaders = true } = policy;
  return Object.freeze({ maxRetryAfterMs, rateLimitHeaders });
}

function isSingle(rate: Rate | readonly Rate[]): rate is Rate {
  return !Array.isArray(rate);
}
