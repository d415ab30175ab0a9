import type { RateRule } from '../policy/rules.ts';

/** A continuous token bucket: what was there at `at`, before the refill since then. */
export interface Bucket {
  tokens: number;
  at: number;
}

/** Tokens are fractions; a wait that was computed from a rate ends this close to a whole one. */
const ROUNDING = 1e-9;

export function fullBucket(rule: RateRule, now: number): Bucket {
  return { tokens: rule.burst, at: now };
}

/** Brings the bucket up to `now`. */
export function refill(bucket: Bucket, rule: RateRule, now: number): void {
  const elapsedMs = now - bucket.at;
  if (elapsedMs <= 0) return;
  bucket.tokens = Math.min(rule.burst, bucket.tokens + elapsedMs * rule.tokensPerMs);
  bucket.at = now;
}

/** Milliseconds until `cost` tokens are there; 0 is now. The bucket must be refilled. */
export function waitFor(bucket: Bucket, rule: RateRule, cost: number): number {
  const missing = cost - bucket.tokens;
  return missing <= ROUNDING ? 0 : missing / rule.tokensPerMs;
}

/** Milliseconds until `cost` tokens could have left one after the other, if none leaves within the first `heldMs`. */
export function waitForAll(bucket: Bucket, rule: RateRule, cost: number, heldMs: number): number {
  const tokens = Math.min(rule.burst, bucket.tokens + heldMs * rule.tokensPerMs);
  return heldMs + Math.max(0, cost - tokens) / rule.tokensPerMs;
}

/** Spends `cost` tokens that `waitFor` saw. */
export function spend(bucket: Bucket, cost: number): void {
  bucket.tokens = Math.max(0, bucket.tokens - cost);
}

/** Takes back tokens that were granted and never used. */
export function giveBack(bucket: Bucket, rule: RateRule, cost: number): void {
  bucket.tokens = Math.min(rule.burst, bucket.tokens + cost);
}

/** What `before` holds under `rule`, for the bucket of a changed policy: nothing is won, what does not fit is lost. */
export function carryOver(before: Bucket | undefined, rule: RateRule, now: number): Bucket {
  if (before === undefined) return fullBucket(rule, now);
  return { tokens: Math.min(rule.burst, before.tokens), at: now };
}
