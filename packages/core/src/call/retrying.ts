import type { Hints } from '../hints/hints.ts';
import { isThrottled } from '../pace/evidence.ts';
import { type Decision, decide, isPlainlyDone } from '../retry/decide.ts';
import type { Call, CallFacts, Outcome } from './call.ts';
import * as report from './report.ts';
import type { Ticket } from './ticket.ts';

type Retry = Extract<Decision, { action: 'retry' }>;

/** Nearly every call ends in it, so it is made once. */
const DONE: Decision = { action: 'stop', reason: 'done' };

/** What comes next, with all that the call and its lane know; a retry is already paid for. A `when` that throws ends the call. */
export function judge(ticket: Ticket, outcome: Outcome<unknown>, hints: Hints | undefined): Decision {
  const { call, lane, since: now } = ticket;
  const rules = lane.rules.retry;
  if (isPlainlyDone(outcome, rules, call.retry)) return DONE;
  if (rules === undefined) return { action: 'stop', reason: 'not-retryable' };
  const maxRetries = call.options?.maxRetries ?? call.retry?.maxRetries ?? rules.maxRetries;
  const requeuesThrottled = lane.rules.pace !== undefined && maxRetries > 0;
  try {
    const decision = decide({
      outcome,
      hints,
      call: callFactsOf(ticket),
      tries: ticket.tries,
      rules,
      own: call.retry,
      maxRetries: requeuesThrottled ? maxRetries + throttlesOf(ticket, outcome) : maxRetries,
      requeuesThrottled,
      badness: lane.badness,
      maxRetryAfterMs: call.retry?.maxRetryAfterMs ?? lane.rules.hints?.maxRetryAfterMs ?? Infinity,
      remainingMs: ticket.totalAt - now,
      previousDelayMs: ticket.setback?.delayMs ?? 0,
      random: ticket.ports.random,
    });
    return decision.action === 'stop' ? decision : afford(ticket, decision, outcome, hints);
  } catch (error) {
    ticket.end('error', error, now);
    return { action: 'stop', reason: 'error' };
  }
}

/** Begins the call's own wait, in which it holds neither token nor slot; true if there is nothing to wait for. */
export function backOff(ticket: Ticket, { reason, delayMs }: Retry): boolean {
  const { lane, ports, since: now } = ticket;
  lane.figures.retried(reason);
  if (ports.events.listening.retry) report.retry(ticket, reason, delayMs, now);
  if (delayMs === 0 || ticket.ending !== undefined) return true;
  ticket.enter('backing-off', now, Math.min(now + delayMs, ticket.totalAt));
  return false;
}

/** A retry that could not begin in time, that nobody would pay for, or that the breaker or the engine's closing forbids, is none. */
function afford(ticket: Ticket, retry: Retry, outcome: Outcome<unknown>, hints: Hints | undefined): Decision {
  const { lane, ports, attempts, since: now } = ticket;
  const { delayMs } = retry;
  if (ports.isClosing) return { action: 'stop', reason: 'closing' };
  if (lane.breaker?.refusal(delayMs, now) !== undefined) return { action: 'stop', reason: 'circuit-open' };
  const isRequeued = retry.reason === 'throttled' && lane.rules.pace !== undefined && delayMs === 0;
  const waitMs = isRequeued ? lane.hostWaitMs(now) : lane.shutMs(now);
  const graceMs = hints?.scope === 'host' ? lane.holdMs(now) : 0;
  const throttledMs = ticket.setback?.throttledMs ?? 0;
  const allowedMs = ticket.ownMaxWaitMs - (isRequeued ? throttledMs : 0);
  const isLate = Math.max(delayMs, waitMs) > ticket.totalAt - now || waitMs - delayMs - graceMs > allowedMs;
  if (isLate) return { action: 'stop', reason: hints === undefined ? 'out-of-time' : 'retry-after-too-long' };
  if (!isRequeued && lane.budget !== undefined && !lane.budget.pay(now)) {
    lane.figures.unpaid += 1;
    return { action: 'stop', reason: 'budget-exhausted' };
  }
  const error = outcome.kind === 'failed' ? outcome.error : undefined;
  const throttles = throttlesOf(ticket, outcome);
  ticket.setback = { error, graceMs, delayMs, attempts, isRequeued, throttles, throttledMs };
  return retry;
}

/** Attempts that were answered with 429, this one included. */
function throttlesOf({ setback }: Ticket, outcome: Outcome<unknown>): number {
  return (setback?.throttles ?? 0) + (isThrottled(outcome) ? 1 : 0);
}

/** What a condition or a fallback may know of the call. */
export function callFactsOf({ call, lane, attempts }: Ticket): CallFacts {
  const { url, method, replayable } = call;
  return {
    url,
    method,
    host: lane.key,
    attempts,
    replayable,
    idempotent: isIdempotent(call, lane.rules.retry?.methods),
  };
}

/** Whether sending it twice does no harm: by the caller's word, its method or its Idempotency-Key. */
export function isIdempotent(call: Call<unknown>, methods: ReadonlySet<string> | undefined): boolean {
  const { method, options, retry } = call;
  const hasSafeMethod = retry?.methods?.includes(method) ?? methods?.has(method) ?? false;
  return options?.idempotent ?? (hasSafeMethod || call.idempotencyKey !== undefined);
}
