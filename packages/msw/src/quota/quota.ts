import type { QuotaDialect } from '../scenario/options.ts';

/** A `Quota` after validation. */
export interface QuotaRules {
  readonly kind: 'fixed-window' | 'token-bucket';
  readonly limit: number;
  readonly perMs: number;
  /** Of a window: its limit. */
  readonly burst: number;
  readonly dialects: readonly QuotaDialect[];
}

export interface QuotaState {
  /** Of a window: its beginning. Of a bucket: the time for which `left` was reckoned. */
  readonly at: number;
  /** Requests left; of a bucket with a fraction. */
  readonly left: number;
}

/** What one request found. */
export interface QuotaView {
  readonly admitted: boolean;
  /** Whole requests left after this one. */
  readonly remaining: number;
  /** Time until more than `remaining` are left. */
  readonly resetMs: number;
}

/** A bucket that is this close to a whole token has it: refilling in steps may lose some of the last digits. */
const EPSILON = 1e-9;

export function fullQuota(rules: QuotaRules, now: number): QuotaState {
  return { at: now, left: rules.burst };
}

/** One request against the quota: what it found, and the state that it leaves. */
export function takeFromQuota(
  rules: QuotaRules,
  before: QuotaState,
  now: number,
): { readonly state: QuotaState; readonly view: QuotaView } {
  const { at, left } = refill(rules, before, now);
  const admitted = left >= 1 - EPSILON;
  const state = { at, left: admitted ? left - 1 : left };
  const remaining = Math.max(0, Math.floor(state.left + EPSILON));
  return { state, view: { admitted, remaining, resetMs: untilMoreThan(remaining, rules, state, now) } };
}

function refill(rules: QuotaRules, { at, left }: QuotaState, now: number): QuotaState {
  if (rules.kind === 'token-bucket') {
    return { at: now, left: Math.min(rules.burst, left + ((now - at) * rules.limit) / rules.perMs) };
  }
  const windows = Math.floor((now - at) / rules.perMs);
  return windows === 0 ? { at, left } : { at: at + windows * rules.perMs, left: rules.limit };
}

function untilMoreThan(remaining: number, rules: QuotaRules, { at, left }: QuotaState, now: number): number {
  if (rules.kind === 'fixed-window') return at + rules.perMs - now;
  return ((remaining + 1 - left) * rules.perMs) / rules.limit;
}
