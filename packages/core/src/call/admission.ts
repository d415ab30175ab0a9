import * as report from './report.ts';
import type { Ticket } from './ticket.ts';

/** Takes token and slot and says so; or joins the queue, and the call has to wait. What has ended needs no wait either. */
export function admit(ticket: Ticket): boolean {
  const { lane, ports } = ticket;
  const now = ticket.attempts === 0 ? ticket.arrivedAt : ports.clock.now();
  ticket.checkCost(now);
  if (ticket.ending !== undefined) return true;
  if (!lane.tryAdmit(ticket.cost, now)) return !isQueued(ticket, now);
  ticket.enter('granted', now);
  lane.figures.wait.record(0);
  if (ports.events.listening.admitted) report.admitted(ticket, 0, now);
  return true;
}

/** Joins the queue, unless the lane refuses, or grants in the same step. */
function isQueued(ticket: Ticket, now: number): boolean {
  ticket.enter('idle', now);
  const refusal = ticket.lane.enqueue(ticket, Math.min(ticket.maxWaitMs, ticket.totalAt - now), now);
  if (refusal !== undefined) ticket.refused(refusal, now);
  return ticket.phase === 'queued';
}
