import { type Hints, readHints } from '../hints/hints.ts';
import { jitteredHoldMs } from '../lane/hold.ts';
import { evidenceOf } from '../pace/evidence.ts';
import type { Outcome } from './call.ts';
import type { Flight } from './flight.ts';
import * as report from './report.ts';
import type { Ticket } from './ticket.ts';

type Landed = Omit<Flight, 'controller'>;

/** Lets the lane learn from what the call's attempt came to. */
export function observe(ticket: Ticket, outcome: Outcome<unknown>): Hints | undefined {
  const now = ticket.ports.clock.now();
  const landed = { attempt: ticket.attempt, sentAt: ticket.since, era: ticket.era };
  ticket.enter('idle', now);
  return learn(ticket, landed, outcome, now);
}

/** Lets the lane learn from an outcome, then hands the slot on: whoever gets it already obeys what the server said. */
export function learn(ticket: Ticket, landed: Landed, outcome: Outcome<unknown>, now: number): Hints | undefined {
  const { lane, ports } = ticket;
  const tookMs = now - landed.sentAt;
  lane.figures.latency.record(tookMs);
  if (ports.events.listening.outcome) report.outcome(ticket, landed.attempt, outcome, tookMs, now);
  const hints = readAnswer(ticket, outcome, now);
  lane.breaker?.learn(landed.era, outcome, now);
  pace(ticket, landed, outcome, hints, now);
  lane.release(now);
  return hints;
}

/** Tells the pace what an attempt took, and what it was allowed: up to its own time or what was left of the call's. */
function pace(
  ticket: Ticket,
  { sentAt }: Landed,
  outcome: Outcome<unknown>,
  hints: Hints | undefined,
  now: number,
): void {
  const evidence = evidenceOf(outcome, now - sentAt, Math.min(ticket.attemptMs, ticket.totalAt - sentAt));
  const awayMs = hints?.scope === 'host' ? ticket.lane.holdMs(now) : 0;
  if (evidence !== undefined) ticket.lane.learn({ evidence, sentAt, awayMs }, now);
}

function readAnswer(ticket: Ticket, outcome: Outcome<unknown>, now: number): Hints | undefined {
  const { lane, ports } = ticket;
  const rules = lane.rules.hints;
  if (rules === undefined || outcome.kind === 'failed') return undefined;
  const hints = readHints(outcome, rules, ports.clock);
  if (hints?.scope === 'host') {
    const waitMs = Math.min(hints.waitMs, rules.maxRetryAfterMs);
    lane.hold(jitteredHoldMs(waitMs, ports.random), hints.source, now);
  }
  return hints;
}
