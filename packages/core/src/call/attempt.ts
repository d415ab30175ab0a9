import type { Outcome } from './call.ts';
import { discard } from './discard.ts';
import { hedge } from './hedge.ts';
import * as report from './report.ts';
import { thrown } from './thrown.ts';
import type { Ticket } from './ticket.ts';

/** Puts one attempt on the wire. May throw or reject, as the adapter's `send` may. */
export function attempt(ticket: Ticket): Promise<Outcome<unknown>> {
  const { call, since: now } = ticket;
  const until = Math.min(now + ticket.attemptMs, ticket.totalAt);
  // Its turn may come in the very moment in which its time is up.
  if (until <= now) ticket.refuse('TOTAL_TIMEOUT', now);
  else begin(ticket, now, until);
  // A listener that hears of the attempt may end the call, too, and then nobody would wake it.
  if (ticket.ending !== undefined) throw ticket.ending.error;
  if (ticket.lane.hedging !== undefined) return sendHedged(ticket);
  if (until === Infinity && call.signal === undefined) return call.send({ number: ticket.attempts, signal: undefined });
  return sendInterruptibly(ticket, until !== Infinity);
}

function begin(ticket: Ticket, now: number, until: number): void {
  const { lane, ports } = ticket;
  ticket.attempts += 1;
  ticket.enter('in-flight', now, until);
  lane.figures.attempts += 1;
  ticket.hedge?.supersede();
  if (ticket.attempts === 1) {
    lane.budget?.earn(now);
    lane.hedging?.earn(now);
  }
  if (ports.events.listening.attempt) report.attempt(ticket, ticket.attempts, false, now);
}

/** A second attempt may follow, and then the engine may have to abort this one. */
function sendHedged(ticket: Ticket): Promise<Outcome<unknown>> {
  const ended = sendInterruptibly(ticket, true);
  hedge(ticket);
  return ended;
}

/** The outcome, unless the call or the attempt ends first; an outcome that comes after that is thrown away. */
function sendInterruptibly(ticket: Ticket, byEngine: boolean): Promise<Outcome<unknown>> {
  const number = ticket.attempts;
  const signal = ticket.openSignal(byEngine);
  const deliver = (outcome: Outcome<unknown>): void => {
    if (!ticket.deliver(number, outcome)) discard(outcome);
  };
  const ended = ticket.wait();
  ticket.call.send({ number, signal }).then(deliver, (error: unknown) => deliver(thrown(error)));
  // The ticket itself only where the call has ended, and `ticket.ending` is looked at before the outcome.
  return ended as Promise<Outcome<unknown>>;
}
