import type { Failed, Outcome } from './call.ts';
import { discard } from './finish.ts';
import * as report from './report.ts';
import type { Ticket } from './ticket.ts';

/** Puts one attempt on the wire. May throw or reject, as the adapter's `send` may. */
export function attempt(ticket: Ticket): Promise<Outcome<unknown>> {
  const { call, lane, ports, since: now } = ticket;
  ticket.attempts += 1;
  const until = Math.min(now + ticket.attemptMs, ticket.totalAt);
  ticket.enter('in-flight', now, until);
  lane.figures.attempts += 1;
  if (ticket.attempts === 1) lane.budget?.earn(now);
  if (ports.events.listening) report.attempt(ticket, now);
  if (until === Infinity && call.signal === undefined) return call.send({ number: ticket.attempts, signal: undefined });
  return sendInterruptibly(ticket, until !== Infinity);
}

/** A send that throws says nothing of what was sent. */
export function thrown(error: unknown): Failed {
  return { kind: 'failed', error, sent: 'maybe' };
}

/** The outcome, unless the call or the attempt ends first; an outcome that comes after that is thrown away. */
function sendInterruptibly(ticket: Ticket, hasDeadline: boolean): Promise<Outcome<unknown>> {
  const number = ticket.attempts;
  const signal = ticket.openSignal(hasDeadline);
  const deliver = (outcome: Outcome<unknown>): void => {
    if (!ticket.deliver(number, outcome)) discard(outcome);
  };
  const ended = ticket.wait();
  ticket.call.send({ number, signal }).then(deliver, (error: unknown) => deliver(thrown(error)));
  // The ticket itself only where the call has ended, and `ticket.ending` is looked at before the outcome.
  return ended as Promise<Outcome<unknown>>;
}
