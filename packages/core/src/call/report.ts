import { isPacelineError } from '../errors.ts';
import type { Emitter } from '../monitor/emitter.ts';
import { publicUrl } from '../monitor/public-url.ts';
import type { RetryReason, StopReason } from '../retry/reasons.ts';
import type { Call, Outcome } from './call.ts';

/** What events tell of a call. */
interface Reported {
  readonly id: number;
  readonly call: Call<unknown>;
  readonly lane: { readonly key: string; readonly depth: number };
  readonly ports: { readonly events: Emitter };
  readonly arrivedAt: number;
  readonly priority: number;
  readonly attempts: number;
}

// One function an event. Callers look at `events.listening` first, so that without listeners nothing is built.

export function queued(ticket: Reported, at: number): void {
  const { priority, lane } = ticket;
  ticket.ports.events.emit({ type: 'queued', ...head(ticket, at), ...target(ticket), priority, depth: lane.depth });
}

export function admitted(ticket: Reported, waitedMs: number, at: number): void {
  ticket.ports.events.emit({ type: 'admitted', ...head(ticket, at), ...target(ticket), waitedMs });
}

export function attempt(ticket: Reported, at: number): void {
  const { attempts } = ticket;
  ticket.ports.events.emit({ type: 'attempt', ...head(ticket, at), ...target(ticket), attempt: attempts });
}

export function outcome(ticket: Reported, result: Outcome<unknown>, tookMs: number, at: number): void {
  const { attempts } = ticket;
  const error = result.kind === 'failed' ? result.error : undefined;
  ticket.ports.events.emit({
    type: 'outcome',
    ...head(ticket, at),
    attempt: attempts,
    tookMs,
    ...summary(result),
    error,
  });
}

export function retry(ticket: Reported, reason: RetryReason, delayMs: number, at: number): void {
  ticket.ports.events.emit({ type: 'retry', ...head(ticket, at), retry: ticket.attempts, reason, delayMs });
}

/** A call that Paceline ended itself is told as refused first. */
export function settled(ticket: Reported, result: Outcome<unknown>, reason: StopReason, at: number): void {
  const { events } = ticket.ports;
  if (reason === 'refused' && result.kind === 'failed' && isPacelineError(result.error)) {
    const { code, retryAfterMs } = result.error;
    events.emit({ type: 'refused', ...head(ticket, at), code, retryAfterMs });
  }
  const { attempts, arrivedAt } = ticket;
  events.emit({ type: 'settled', ...head(ticket, at), reason, ...summary(result), attempts, tookMs: at - arrivedAt });
}

function head(ticket: Reported, at: number): { at: number; host: string; call: number } {
  return { at, host: ticket.lane.key, call: ticket.id };
}

function target({ call }: Reported): { method: string; url: string } {
  return { method: call.method, url: publicUrl(call.url) };
}

function summary(result: Outcome<unknown>): { kind: 'answered' | 'failed'; status: number | undefined } {
  return { kind: result.kind, status: result.kind === 'answered' ? result.status : undefined };
}
