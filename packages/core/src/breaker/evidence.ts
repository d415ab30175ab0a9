import type { Outcome } from '../call/call.ts';
import type { BreakerRules } from '../policy/rules.ts';

const THROTTLED = 429;

/**
 * What an outcome says of its host's health. Undefined where it says nothing: the caller's own mistake, and 429, which is
 * the word of a host that is well and wants a slower pace.
 */
export function evidenceOf(outcome: Outcome<unknown>, { statuses }: BreakerRules): 'success' | 'failure' | undefined {
  if (outcome.kind === 'failed') return outcome.final ? undefined : 'failure';
  if (outcome.status === THROTTLED) return undefined;
  return statuses.has(outcome.status) ? 'failure' : 'success';
}
