import { isPacelineError } from '../errors.ts';
import type { StopReason } from '../retry/reasons.ts';
import type { Outcome } from './call.ts';
import { discard } from './discard.ts';
import { fallBack, isGivenUp } from './fallback.ts';
import * as report from './report.ts';
import { noteSettlement } from './settlement.ts';
import type { Ending, Ticket } from './ticket.ts';

/** What the caller gets; only a fallback has to be waited for. */
type End = Outcome<unknown> | Promise<Outcome<unknown>>;

/** Ends the call with the outcome it has. */
export function finish(ticket: Ticket, outcome: Outcome<unknown>, reason: StopReason): End {
  ticket.lane.figures.settled += 1;
  return close(ticket, outcome, reason);
}

/** Ends a call that something has ended before it had an outcome to keep. */
export function finishEnded(ticket: Ticket, { reason, error }: Ending, unwanted?: Outcome<unknown>): End {
  const { lane } = ticket;
  if (unwanted !== undefined) discard(unwanted);
  if (reason === 'aborted') lane.figures.aborted += 1;
  if (isPacelineError(error)) lane.figures.refused(error.code);
  if (ticket.setback?.attempts === ticket.attempts && !ticket.setback.isRequeued) lane.budget?.refund();
  return close(ticket, { kind: 'failed', error, sent: ticket.attempts === 0 ? 'never' : 'maybe' }, reason);
}

function close(ticket: Ticket, outcome: Outcome<unknown>, reason: StopReason): End {
  const { call, lane, ports, attempts, since: now } = ticket;
  ticket.enter('over', now);
  if (call.signal !== undefined) ports.aborts.leave(call.signal, ticket);
  if (reason !== 'done') {
    noteSettlement(outcome.kind === 'failed' ? outcome.error : outcome.value, { reason, host: lane.key, attempts });
  }
  ports.activity.end();
  // A call that Paceline ended itself is told as refused first.
  if (reason === 'refused' && ports.events.listening.refused) report.refused(ticket, outcome, now);
  if (ports.events.listening.settled) report.settled(ticket, outcome, reason, now);
  const fallback = call.options?.fallback;
  return fallback !== undefined && isGivenUp(reason, outcome) ? fallBack(ticket, fallback, outcome, reason) : outcome;
}
