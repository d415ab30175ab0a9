import { readHints } from '../hints/hints.ts';
import { outcomeFactsOf } from '../retry/decide.ts';
import type { StopReason } from '../retry/reasons.ts';
import type { Failed, Fallback, GivenUp, Outcome } from './call.ts';
import { discard } from './discard.ts';
import * as report from './report.ts';
import { callFactsOf } from './retrying.ts';
import { noteSettlement } from './settlement.ts';
import type { Ticket } from './ticket.ts';

/** Ends that a fallback may replace: all but an answer to be content with, and what the caller did or has to mend. */
export function isGivenUp(reason: StopReason, outcome: Outcome<unknown>): boolean {
  const isCallersOwn =
    reason === 'aborted' || reason === 'error' || (outcome.kind === 'failed' && outcome.final === true);
  return reason !== 'done' && !isCallersOwn;
}

/**
 * What the caller gets in the place of an outcome: the fallback's value, or the outcome where it has none. A fallback that
 * throws fails the call with that error; the caller's abort ends the wait for it.
 */
export async function fallBack(
  ticket: Ticket,
  fallback: Fallback<unknown>,
  outcome: Outcome<unknown>,
  reason: StopReason,
): Promise<Outcome<unknown>> {
  const { lane, ports, attempts } = ticket;
  let value: unknown;
  try {
    value = await abortable(ticket, fallback(givenUpOf(ticket, outcome, reason), callFactsOf(ticket)));
  } catch (error) {
    discard(outcome);
    return { kind: 'failed', error, sent: attempts === 0 ? 'never' : 'maybe' } satisfies Failed;
  }
  if (value === undefined) return outcome;
  discard(outcome);
  lane.figures.fallbacks += 1;
  noteSettlement(value, { reason, host: lane.key, attempts, fallback: true });
  if (ports.events.listening.fallback) report.fallback(ticket, reason, ports.clock.now());
  const status = outcome.kind === 'answered' ? outcome.status : 0;
  return { kind: 'answered', status, value, header: () => undefined, discard() {} };
}

function givenUpOf({ ports }: Ticket, outcome: Outcome<unknown>, reason: StopReason): GivenUp {
  const hints = outcome.kind === 'answered' ? readHints(outcome, { rateLimitHeaders: false }, ports.clock) : undefined;
  return { ...outcomeFactsOf(outcome, hints), reason };
}

/** Settles as `value` does, unless the caller aborts first. */
async function abortable({ call, ports }: Ticket, value: unknown): Promise<unknown> {
  const { signal } = call;
  if (signal === undefined) return value;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const follower = { aborted: reject };
  ports.aborts.follow(signal, follower);
  try {
    return await Promise.race([value, aborted]);
  } finally {
    ports.aborts.leave(signal, follower);
  }
}
