import { BREAKER, BUILT_IN, builtInFor, HEDGE } from './built-in.ts';
import type { BreakerPolicy, HedgePolicy, HostPolicy, Rate, RetryPolicy } from './options.ts';
import type { BreakerRules, HedgeRules, LaneRules, RateRule, RetryRules } from './rules.ts';

/** Compiles a valid policy without anything `undefined` in it: every default filled in, nothing to change any more. */
export function laneRules(policy: HostPolicy): LaneRules {
  const rates = rateRules(policy);
  const { budget = builtInFor(policy).budget } = policy;
  const { attemptMs = Infinity, totalMs = Infinity } = policy.timeouts ?? {};
  return Object.freeze({
    rates,
    maxCost: Math.min(...rates.map((rate) => rate.burst)),
    concurrency: policy.concurrency ?? BUILT_IN.concurrency,
    queue: filledIn(BUILT_IN.queue, policy.queue),
    retry: policy.retry === false ? undefined : retryRules(policy.retry),
    budget: budget === false ? undefined : filledIn(BUILT_IN.budget, budget),
    hints: policy.hints === false ? undefined : filledIn(BUILT_IN.hints, policy.hints),
    pace: policy.pace === false ? undefined : filledIn(BUILT_IN.pace, policy.pace),
    breaker: policy.breaker ? breakerRules(policy.breaker) : undefined,
    hedge: policy.hedge ? hedgeRules(policy.hedge, retryRules(policy.retry || {})) : undefined,
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
  const { maxRetries, backoff, methods, statuses, when } = { ...BUILT_IN.retry, when: undefined, ...policy };
  const upperCase = methods.map((method) => method.toUpperCase());
  return Object.freeze({ maxRetries, backoff, methods: new Set(upperCase), statuses: new Set(statuses), when });
}

function breakerRules(policy: BreakerPolicy): BreakerRules {
  const { statuses, maxOpenMs, ...rules } = { ...BREAKER, healthCheck: undefined, ...policy };
  return Object.freeze({ ...rules, statuses: new Set(statuses), maxOpenMs: Math.max(rules.openMs, maxOpenMs) });
}

/** What may be tried again may be sent twice from the beginning, also where nothing is tried again. */
function hedgeRules(policy: HedgePolicy, { methods }: RetryRules): HedgeRules {
  return Object.freeze({ ...HEDGE, afterMs: undefined, ...policy, methods });
}

function isSingle(rate: Rate | readonly Rate[]): rate is Rate {
  return !Array.isArray(rate);
}
