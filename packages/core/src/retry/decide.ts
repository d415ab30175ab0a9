import type { CallFacts, CallRetry, Outcome, OutcomeFacts, RetryCondition } from '../call/call.ts';
import type { Hints } from '../hints/hints.ts';
import type { RetryRules } from '../policy/rules.ts';
import type { RetryReason, StopReason } from './reasons.ts';

/** What becomes of a call after an attempt, and why. */
export type Decision =
  | { readonly action: 'stop'; readonly reason: StopReason }
  | { readonly action: 'retry'; readonly reason: RetryReason; readonly delayMs: number };

/** All that a decision depends on. */
export interface Situation {
  readonly outcome: Outcome<unknown>;
  readonly hints: Hints | undefined;
  readonly call: CallFacts;
  /** Attempts so far, hedges not counted. */
  readonly tries: number;
  readonly rules: RetryRules;
  /** The call's own rules, which win. */
  readonly own: CallRetry | undefined;
  readonly maxRetries: number;
  /** Whether a 429 only puts the call back at the head of the line. */
  readonly requeuesThrottled: boolean;
  readonly maxRetryAfterMs: number;
  /** What is left of `totalMs`. */
  readonly remainingMs: number;
  readonly previousDelayMs: number;
  /** How bad the host's outcomes have been lately, from 0 to 1. */
  readonly badness: number;
  readonly random: () => number;
}

/** Whether there is nothing to decide: an answer that no rule could want to have again. */
export function isPlainlyDone(
  outcome: Outcome<unknown>,
  rules: RetryRules | undefined,
  own: CallRetry | undefined,
): boolean {
  if (outcome.kind === 'failed') return false;
  if (rules === undefined) return true;
  return own === undefined && rules.when === undefined && !rules.statuses.has(outcome.status);
}

/**
 * Whether an outcome is not worth waiting for another attempt that is under way: an answer that no list of statuses wants to
 * have again, or the caller's own mistake.
 */
export function isDecisive(
  outcome: Outcome<unknown>,
  rules: RetryRules | undefined,
  own: CallRetry | undefined,
): boolean {
  return outcome.kind === 'failed' ? outcome.final === true : !isListed(outcome.status, rules, own);
}

/** Decides whether to try again, and after what wait of the call's own. Pure but for the dice and the user's `when`. */
export function decide(situation: Situation): Decision {
  const cause = causeOf(situation);
  const verdict = situation.outcome.kind === 'failed' && situation.outcome.final ? undefined : askUser(situation);
  const reason = verdict === true ? (cause ?? 'when') : cause;
  if (reason === undefined) return stop(situation.outcome.kind === 'answered' ? 'done' : 'not-retryable');
  if (verdict === false) return stop('when');
  const obstacle = obstacleTo(reason, verdict === true, situation);
  if (obstacle !== undefined) return stop(obstacle);
  const delayMs = reason === 'throttled' && situation.requeuesThrottled ? 0 : delayOf(situation);
  if (delayMs > situation.remainingMs || delayMs === Infinity) return stop('out-of-time');
  return { action: 'retry', reason, delayMs };
}

function stop(reason: StopReason): Decision {
  return { action: 'stop', reason };
}

/** What in the outcome itself asks for another attempt. */
function causeOf({ outcome, rules, own }: Situation): RetryReason | undefined {
  if (outcome.kind === 'answered') {
    if (!isListed(outcome.status, rules, own)) return undefined;
    return outcome.status === 429 ? 'throttled' : 'status';
  }
  if (outcome.final) return undefined;
  if (outcome.timedOut) return 'timeout';
  return outcome.sent === 'never' ? 'never-sent' : 'network';
}

function isListed(status: number, rules: RetryRules | undefined, own: CallRetry | undefined): boolean {
  return own?.statuses?.includes(status) ?? rules?.statuses.has(status) ?? false;
}

/** The call's own `when` is asked first, the policy's where it has no opinion. */
function askUser(situation: Situation): boolean | undefined {
  const { own, rules } = situation;
  if (own?.when === undefined && rules.when === undefined) return undefined;
  const facts = outcomeFactsOf(situation.outcome, situation.hints);
  const ask = (when: RetryCondition | undefined): boolean | undefined => when?.(facts, situation.call);
  return ask(own?.when) ?? ask(rules.when);
}

/** What a condition or a fallback may know of an outcome. */
export function outcomeFactsOf(outcome: Outcome<unknown>, hints: Hints | undefined): OutcomeFacts {
  const retryAfterMs = hints?.source === 'retry-after' ? hints.waitMs : undefined;
  if (outcome.kind === 'answered') {
    const header = (name: string): string | null | undefined => outcome.header(name);
    return { kind: 'answered', status: outcome.status, error: undefined, timedOut: false, retryAfterMs, header };
  }
  const { error, timedOut = false } = outcome;
  return { kind: 'failed', status: undefined, error, timedOut, retryAfterMs, header: () => undefined };
}

/** What forbids a retry that was asked for. */
function obstacleTo(reason: RetryReason, isForced: boolean, situation: Situation): StopReason | undefined {
  const { outcome, call, hints } = situation;
  const wasNeverSent = outcome.kind === 'failed' && outcome.sent === 'never';
  if (!(call.replayable || wasNeverSent)) return 'not-replayable';
  if (!(isForced || call.idempotent || wasNeverSent || reason === 'throttled')) return 'not-idempotent';
  if (situation.tries > situation.maxRetries) return 'retries-exhausted';
  if (hints === undefined) return undefined;
  const mostMs = Math.min(situation.maxRetryAfterMs, situation.remainingMs);
  return hints.waitMs > mostMs ? 'retry-after-too-long' : undefined;
}

/** A wait that the host imposes on everybody is the lane's hold; the call has none of its own beside it. */
function delayOf({ hints, rules, own, tries, previousDelayMs, badness, random }: Situation): number {
  if (hints?.source === 'retry-after' && hints.scope === 'host') return 0;
  const backoffMs = rules.backoff.delayMs({ retry: tries - 1, previousMs: previousDelayMs, badness, random });
  const cappedMs = Math.max(0, Math.min(backoffMs, own?.maxBackoffMs ?? Infinity)) || 0;
  return hints?.scope === 'call' ? Math.max(cappedMs, hints.waitMs) : cappedMs;
}
