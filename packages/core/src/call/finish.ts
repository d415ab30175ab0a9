import { isPacelineError } from '../errors.ts';
import type { StopReason } from '../retry/reasons.ts';
import type { Outcome } from './call.ts';
import * as report from './report.ts';
import { noteSettlement } from './settlement.ts';
import type { Ending, Ticket } from './ticket.ts';

/** Ends the call with the outcome it has. */
export function finish(ticket: Ticket, outcome: Outcome<unknown>, reason: StopReason): Outcome<unknown> {
  ticket.lane.figures.settled += 1;
  return close(ticket, outcome, reason);
}

/** Ends a call that something has ended before it had an outcome to keep. */
export function finishEnded(ticket: Ticket, { reason, error }: Ending, unwanted?: Outcome<unknown>): Outcome<unknown> {
  const { lane } = ticket;
  if (unwanted !== undefined) discard(unwanted);
  if (reason === 'aborted') lane.figures.aborted += 1;
  if (isPacelineError(error)) lane.figures.refused(error.code);
  if (ticket.setback?.attempts === ticket.attempts) lane.budget?.refund();
  return close(ticket, { kind: 'failed', error, sent: ticket.attempts === 0 ? 'never' : 'maybe' }, reason);
}

/** Frees what a response holds that nobody will get. */
export function discard(outcome: Outcome<unknown>): void {
  if (outcome.kind !== 'answered') return;
  try {
    outcome.discard();
  } catch {
    // The adapter's promise is not to throw; a broken one must not take the call with it.
  }
}

function close(ticket: Ticket, outcome: Outcome<unknown>, reason: StopReason): Outcome<unknown> {
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
  return outcome;
}
