import { type CallRetry, type OutcomeFacts, type RetryCondition, warnOnce } from '@paceline/core';
import type { RetryOptions } from 'ky';

/** The error that ky would have at this point; undefined for an answer that it takes for a success. */
type ErrorOf = (outcome: OutcomeFacts) => unknown;

/** What the user's own retry options ask for, in the engine's words. What is unset is left to the host's policy. */
export function callRetryOf(retry: RetryOptions, errorOf: ErrorOf): CallRetry | undefined {
  if (Object.keys(retry).length === 0) return undefined;
  return {
    maxRetries: retry.limit,
    methods: retry.methods?.map((method) => method.toUpperCase()),
    statuses: retry.statusCodes,
    maxBackoffMs: retry.backoffLimit,
    maxRetryAfterMs: retry.maxRetryAfter,
    when: conditionOf(retry, errorOf),
  };
}

function conditionOf({ shouldRetry, retryOnTimeout }: RetryOptions, errorOf: ErrorOf): RetryCondition | undefined {
  if (!shouldRetry && retryOnTimeout !== false) return undefined;
  return (outcome, call) => {
    const error = errorOf(outcome);
    const verdict = error && shouldRetry?.({ error: error as Error, retryCount: call.attempts });
    // ky asks only where the method may be sent twice, so its `true` says nothing about that.
    if (verdict === false || (verdict === true && call.idempotent)) return verdict;
    if (verdict instanceof Promise) ignorePromise(verdict);
    return outcome.timedOut && retryOnTimeout === false ? false : undefined;
  };
}

function ignorePromise(verdict: Promise<unknown>): void {
  verdict.catch(() => {});
  warnOnce('ky: retry.shouldRetry has to answer at once; its promises are not waited for.');
}
