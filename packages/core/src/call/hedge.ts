import { isDecisive } from '../retry/decide.ts';
import type { Expiring } from '../time/deadlines.ts';
import type { Outcome } from './call.ts';
import { discard } from './discard.ts';
import type { Companion, Flight } from './flight.ts';
import { learn } from './observe.ts';
import { refusalError } from './refusal-error.ts';
import * as report from './report.ts';
import { isIdempotent } from './retrying.ts';
import { thrown } from './thrown.ts';
import type { Ticket } from './ticket.ts';

/** Gives the call that was just sent a hedge, if it may have one. */
export function hedge(ticket: Ticket): void {
  const { call, lane, attempts, since: now } = ticket;
  const { hedging } = lane;
  if (hedging === undefined || attempts > 1 || !call.replayable || !isIdempotent(call, hedging.methods)) return;
  const delayMs = hedging.delayMs(lane.figures.latency);
  if (delayMs === undefined) return;
  const second = new Hedge(ticket);
  ticket.hedge = second;
  ticket.ports.deadlines.set(second, now + delayMs, now);
}

/**
 * The second attempt of a call whose first is slow. The pair lives while both are, or may yet be, under way: the first to bring
 * an answer that no rule would have again wins, the other is aborted. If one only fails, the call goes on with the other
 * as with any attempt, and the pair is no more.
 */
class Hedge implements Companion, Expiring {
  isOpen = true;
  awaited: number | undefined = undefined;
  sooner: Expiring['sooner'] = undefined;
  later: Expiring['later'] = undefined;
  readonly #ticket: Ticket;
  /** Undefined until it is sent. */
  #flight: Flight | undefined;
  #due: () => void = () => {};

  constructor(ticket: Ticket) {
    this.#ticket = ticket;
    // A promise reaction, so that it is sent in the caller's async context and not in that of a timer.
    void new Promise<void>((resolve) => {
      this.#due = resolve;
    }).then(() => this.#send());
  }

  get wasSent(): boolean {
    return this.#flight !== undefined;
  }

  /** It is time to send it; or it was sent, and has taken too long. */
  expire(now: number): void {
    if (this.#flight === undefined) this.#due();
    else this.#timeOut(this.#flight, now);
  }

  deliver(attempt: number, outcome: Outcome<unknown>, now: number): boolean {
    const ticket = this.#ticket;
    const flight = this.#flight;
    const isHedges = attempt === flight?.attempt;
    if (!(isHedges || attempt === ticket.attempt)) return false;
    this.#part();
    if (flight === undefined) return ticket.deliver(attempt, outcome);
    const { call, lane } = ticket;
    if (isDecisive(outcome, lane.rules.retry, call.retry)) {
      if (isHedges) lane.figures.hedgesWon += 1;
      this.#cancel(isHedges ? this.#swap(flight, now) : flight, isHedges, now);
      return ticket.deliver(attempt, outcome);
    }
    learn(ticket, isHedges ? flight : this.#swap(flight, now), outcome, now);
    discard(outcome);
    return true;
  }

  supersede(): void {
    this.awaited = undefined;
  }

  end(reason: unknown, now: number): void {
    const flight = this.#flight;
    this.#part();
    if (flight === undefined) return;
    flight.controller?.abort(reason);
    this.#ticket.lane.abandon(flight.era, now);
  }

  /** Sends it, unless the call has gone on, or the host has no room to spare at this moment. */
  #send(): void {
    if (!this.isOpen) return;
    const { call, lane, ports, cost } = this.#ticket;
    const now = ports.clock.now();
    if (ports.isClosing || !lane.tryHedge(cost, now)) {
      this.#part();
      return;
    }
    const { signal } = this.#begin(now);
    // A listener that heard of it may have ended the call.
    if (!this.isOpen) return;
    const number = this.#ticket.attempts;
    const deliver = (outcome: Outcome<unknown>): void => {
      if (!this.#ticket.deliver(number, outcome)) discard(outcome);
    };
    new Promise<Outcome<unknown>>((resolve) => resolve(call.send({ number, signal }))).then(deliver, (error: unknown) =>
      deliver(thrown(error)),
    );
  }

  #begin(now: number): AbortController {
    const ticket = this.#ticket;
    const { lane, ports } = ticket;
    const controller = new AbortController();
    this.awaited = ticket.attempts;
    ticket.attempts += 1;
    this.#flight = { attempt: ticket.attempts, sentAt: now, era: lane.breaker?.era, controller };
    ports.deadlines.set(this, now + ticket.attemptMs, now);
    lane.figures.attempts += 1;
    lane.figures.hedges += 1;
    if (ports.events.listening.attempt) report.attempt(ticket, ticket.attempts, true, now);
    return controller;
  }

  #timeOut({ attempt, controller, sentAt }: Flight, now: number): void {
    const ticket = this.#ticket;
    // As with any attempt, a policy that came meanwhile may leave it more time.
    const until = sentAt + ticket.attemptMs;
    if (until > now) {
      ticket.ports.deadlines.set(this, until, now);
      return;
    }
    const error = refusalError('ATTEMPT_TIMEOUT', ticket.lane.key, ticket.attempts);
    controller?.abort(error);
    this.deliver(attempt, { kind: 'failed', error, sent: 'maybe', timedOut: true }, now);
  }

  /** The other one has won: nothing of this one is waited for any more, and its slot goes to the next. */
  #cancel({ attempt, sentAt, era, controller }: Flight, isFirst: boolean, now: number): void {
    const { lane, ports } = this.#ticket;
    const tookMs = now - sentAt;
    // The first took at least this long. Without it the slow would be missing from the quantile that makes hedges due.
    if (isFirst) lane.figures.latency.record(tookMs);
    controller?.abort();
    if (ports.events.listening.outcome) report.cancelled(this.#ticket, attempt, tookMs, now);
    lane.abandon(era, now);
  }

  /** The call goes on with the hedge in the place of its first attempt; returns that one. */
  #swap(flight: Flight, now: number): Flight {
    const first = this.#ticket.swap(flight, now);
    this.awaited = flight.attempt;
    return first;
  }

  #part(): void {
    this.isOpen = false;
    this.#ticket.ports.deadlines.clear(this);
  }
}
