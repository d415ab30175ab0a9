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
  readonly tries: number;
}

// One function an event. Callers look at `events.listening` first, so that what nobody hears is not built. Each event is
// written out as one literal: spreading common parts into it costs many times as much.

export function queued({ id, call, lane, ports, priority }: Reported, at: number): void {
  ports.events.emit({
    type: 'queued',
    at,
    host: lane.key,
    call: id,
    method: call.method,
    url: publicUrl(call.url),
    priority,
    depth: lane.depth,
  });
}

export function admitted({ id, call, lane, ports }: Reported, waitedMs: number, at: number): void {
  const url = publicUrl(call.url);
  ports.events.emit({ type: 'admitted', at, host: lane.key, call: id, method: call.method, url, waitedMs });
}

export function attempt({ id, call, lane, ports }: Reported, number: number, isHedge: boolean, at: number): void {
  ports.events.emit({
    type: 'attempt',
    at,
    host: lane.key,
    call: id,
    method: call.method,
    url: publicUrl(call.url),
    attempt: number,
    hedge: isHedge,
  });
}

export function outcome(
  { id, lane, ports }: Reported,
  attempt: number,
  result: Outcome<unknown>,
  tookMs: number,
  at: number,
): void {
  ports.events.emit({
    type: 'outcome',
    at,
    host: lane.key,
    call: id,
    attempt,
    tookMs,
    kind: result.kind,
    status: statusOf(result),
    error: result.kind === 'failed' ? result.error : undefined,
  });
}

export function cancelled({ id, lane, ports }: Reported, attempt: number, tookMs: number, at: number): void {
  ports.events.emit({
    type: 'outcome',
    at,
    host: lane.key,
    call: id,
    attempt,
    tookMs,
    kind: 'cancelled',
    status: undefined,
    error: undefined,
  });
}

export function retry({ id, lane, ports, tries }: Reported, reason: RetryReason, delayMs: number, at: number): void {
  ports.events.emit({ type: 'retry', at, host: lane.key, call: id, retry: tries, reason, delayMs });
}

export function refused({ id, lane, ports }: Reported, result: Outcome<unknown>, at: number): void {
  if (result.kind !== 'failed' || !isPacelineError(result.error)) return;
  const { code, retryAfterMs } = result.error;
  ports.events.emit({ type: 'refused', at, host: lane.key, call: id, code, retryAfterMs });
}

export function settled(ticket: Reported, result: Outcome<unknown>, reason: StopReason, at: number): void {
  const { id, lane, ports, attempts, arrivedAt } = ticket;
  ports.events.emit({
    type: 'settled',
    at,
    host: lane.key,
    call: id,
    reason,
    kind: result.kind,
    status: statusOf(result),
    attempts,
    tookMs: at - arrivedAt,
  });
}

export function fallback({ id, lane, ports }: Reported, reason: StopReason, at: number): void {
  ports.events.emit({ type: 'fallback', at, host: lane.key, call: id, reason });
}

function statusOf(result: Outcome<unknown>): number | undefined {
  return result.kind === 'answered' ? result.status : undefined;
}
