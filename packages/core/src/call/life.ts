import { admit } from './admission.ts';
import { attempt } from './attempt.ts';
import type { Outcome } from './call.ts';
import { discard } from './discard.ts';
import { finish, finishEnded } from './finish.ts';
import { observe } from './observe.ts';
import { backOff, judge } from './retrying.ts';
import { thrown } from './thrown.ts';
import type { Ticket } from './ticket.ts';

/**
 * One call's life: wait for the turn, send, learn, decide; and again, if another attempt is worth it and paid for.
 * Whatever ends a call early (an abort, a refusal, a timeout) is found in `ticket.ending` after each wait.
 */
export function live(ticket: Ticket): Promise<Outcome<unknown>> {
  // Most calls of a long queue wait here, and a promise is smaller than a suspended function.
  return admit(ticket) ? attempts(ticket) : (ticket.wait() as Promise<Ticket>).then(attempts);
}

async function attempts(ticket: Ticket): Promise<Outcome<unknown>> {
  for (;;) {
    if (ticket.ending !== undefined) return finishEnded(ticket, ticket.ending);

    let outcome: Outcome<unknown>;
    try {
      outcome = await attempt(ticket);
    } catch (error) {
      outcome = thrown(error);
    }
    if (ticket.ending !== undefined) return finishEnded(ticket, ticket.ending, outcome);

    const hints = observe(ticket, outcome);
    const decision = judge(ticket, outcome, hints);
    if (ticket.ending !== undefined) return finishEnded(ticket, ticket.ending, outcome);
    if (decision.action === 'stop') return finish(ticket, outcome, decision.reason);

    discard(outcome);
    if (!backOff(ticket, decision)) await ticket.wait();
    if (!admit(ticket)) await ticket.wait();
  }
}
