import { expect } from 'vitest';
import type { Report } from './play/play.ts';
import type { Expected } from './scenario.ts';
import type { Received } from './stage/stage.ts';

/** Compares what came of a scenario with what should have. */
export function expectReport({ endings, log }: Report, received: readonly Received[], expected: Expected): void {
  expect({
    ends: Object.fromEntries(Object.entries(endings).map(([call, { end }]) => [call, end])),
    arrivals: received.map(({ call }) => call).join(' '),
    log: log.lines(),
  }).toEqual({ ends: expected.ends, arrivals: expected.arrivals, log: expected.log });
  expectSettlements({ endings, log });
  expectSameRequests(received);
  for (const request of received) expectRequest(request, expected);
}

/** Compares the times of all attempts. In real time they are the engine's: under load a request may arrive late. */
export function expectApart(times: readonly number[], { apartMs = [] }: Expected): void {
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? Number.NaN));
  for (const [index, least] of apartMs.entries()) {
    expect(gaps[index], `between attempt ${index + 1} and the next`).toBeGreaterThanOrEqual(least);
  }
}

/** The error of a call tells the reason that the last event told, unless there was nothing to be tried again. */
function expectSettlements({ endings, log }: Report): void {
  for (const [call, { settledAs, hasError }] of Object.entries(endings)) {
    const reason = log.reasonOf(call);
    if (hasError && reason !== 'done') expect(settledAs, `settlement of ${call}`).toBe(reason);
  }
}

/** Nothing that an attempt added stays for the next. */
function expectSameRequests(received: readonly Received[]): void {
  for (const request of received) {
    const first = received.find(({ call }) => call === request.call);
    expect(headOf(request)).toEqual(first && headOf(first));
  }
}

/** A form has a new boundary, of the same length, each time. */
function headOf({ method, headers }: Received): object {
  const type = headers['content-type']?.replace(/boundary=.*/, 'boundary');
  return { method, headers: { ...headers, ...(type && { 'content-type': type }) } };
}

function expectRequest(request: Received, { body, headers }: Expected): void {
  const type = request.headers['content-type'] ?? '';
  if (body !== undefined) expect(request.body).toBe(typeof body === 'string' ? body : body(type));
  if (headers !== undefined) expect(request.headers).toMatchObject(headers);
}
