import { isPacelineError, type PaceEvent, type PacelineErrorCode, type StopReason } from '@paceline/core';
import { expect } from 'vitest';
import type { Sent, World } from './world.ts';

/** The attempts of a call left at these times and at no others. */
export function expectSentAt(call: Sent, times: readonly number[]): void {
  expect(call.sentAt).toEqual(times);
}

/** The call came to an answer of this status, with the value of its last attempt. */
export function expectAnswered(call: Sent, status = 200): void {
  expect(call.outcome).toMatchObject({ kind: 'answered', status, value: `${call.name}#${call.sentAt.length}` });
}

/** Paceline ended the call with this code; the error says when to come again, if that is expected. */
export function expectRefused(
  call: Sent,
  code: PacelineErrorCode,
  facts: { readonly retryAfterMs?: number } = {},
): void {
  const error = call.outcome?.kind === 'failed' ? call.outcome.error : call.outcome;
  expect(isPacelineError(error) ? error.code : error).toBe(code);
  expect(error).toMatchObject({ attempts: call.sentAt.length, ...facts });
}

/** The call failed with exactly this error. */
export function expectFailedWith(call: Sent, error: unknown): void {
  expect(call.outcome?.kind).toBe('failed');
  expect(call.outcome?.kind === 'failed' && call.outcome.error).toBe(error);
}

/** The call is not over. */
export function expectWaiting(...calls: readonly Sent[]): void {
  for (const call of calls) expect(call.outcome).toBeUndefined();
}

/** Why the calls of a world ended, in the order of their ends. */
export function endings({ events }: World): StopReason[] {
  return eventsOf(events, 'settled').map((event) => event.reason);
}

export function eventsOf<T extends PaceEvent['type']>(
  events: readonly PaceEvent[],
  type: T,
): Extract<PaceEvent, { type: T }>[] {
  return events.filter((event): event is Extract<PaceEvent, { type: T }> => event.type === type);
}

/** Nothing is left of any call: no place, no slot, no timer; and each call was settled exactly once. */
export async function expectAtRest({ pace, clock, calls, events }: World): Promise<void> {
  await clock.settle();
  for (const { queued, backingOff, inFlight } of pace.snapshot().lanes) {
    expect({ queued, backingOff, inFlight }).toEqual({ queued: 0, backingOff: 0, inFlight: 0 });
  }
  let isIdle = false;
  pace.idle().then(() => {
    isIdle = true;
  });
  await clock.settle();
  expect(isIdle).toBe(true);
  for (const call of calls) expect(call.outcome).toBeDefined();
  const ends = eventsOf(events, 'settled').map((event) => event.call);
  expect(new Set(ends).size).toBe(ends.length);
  expect(clock.timers).toBe(0);
}
