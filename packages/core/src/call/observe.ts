import { type Hints, readHints } from '../hints/hints.ts';
import { jitteredHoldMs } from '../lane/hold.ts';
import { evidenceOf } from '../pace/evidence.ts';
import type { Outcome } from './call.ts';
import * as report from './report.ts';
import type { Ticket } from './ticket.ts';

/** Lets the lane learn from an outcome, then hands the slot on: whoever gets it already obeys what the server said. */
export function observe(ticket: Ticket, outcome: Outcome<unknown>): Hints | undefined {
  const { lane, ports } = ticket;
  const now = ports.clock.now();
  const tookMs = now - ticket.since;
  ticket.enter('idle', now);
  lane.figures.latency.record(tookMs);
  if (ports.events.listening.outcome) report.outcome(ticket, outcome, tookMs, now);
  const hints = readAnswer(ticket, outcome, now);
  lane.breaker?.learn(ticket.era, outcome, now);
  learn(ticket, outcome, hints, tookMs, now);
  lane.release(now);
  return hints;
}

/** What an attempt took, and what it was allowed: up to its own time or what was left of the call's. */
function learn(ticket: Ticket, outcome: Outcome<unknown>, hints: Hints | undefined, tookMs: number, now: number): void {
  const sentAt = now - tookMs;
  const evidence = evidenceOf(outcome, tookMs, Math.min(ticket.attemptMs, ticket.totalAt - sentAt));
  if (evidence === 'throttled') ticket.throttles += 1;
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
