import { describe, expect, test } from 'vitest';
import type { Failed, Outcome } from '../call/call.ts';
import { evidenceOf } from './evidence.ts';

function answered(status: number): Outcome<unknown> {
  return { kind: 'answered', status, value: undefined, header: () => undefined, discard: () => undefined };
}

function failed(more: Partial<Failed> = {}): Outcome<unknown> {
  return { kind: 'failed', error: new Error('lost'), sent: 'maybe', ...more };
}

describe('evidence of what a host can bear', () => {
  test.each([
    [200, 'answered'],
    [304, 'answered'],
    [404, 'answered'],
    [408, 'answered'],
    [429, 'throttled'],
    [500, undefined],
    [501, undefined],
    [502, 'refused'],
    [503, 'refused'],
    [504, 'refused'],
    [505, undefined],
  ])('%i is %s', (status, evidence) => {
    expect(evidenceOf(answered(status), 10, 1000)).toBe(evidence);
  });

  test.each([
    [failed(), 'refused'],
    [failed({ sent: 'never' }), 'refused'],
    [failed({ timedOut: true }), 'timed-out'],
    [failed({ final: true }), undefined],
  ])('a failure is what it says: %o', (outcome, evidence) => {
    expect(evidenceOf(outcome, 10, 1000)).toBe(evidence);
  });

  test('an answer that took more than half of its time is slow, and without a limit none is', () => {
    expect(evidenceOf(answered(200), 500, 1000)).toBe('answered');
    expect(evidenceOf(answered(200), 501, 1000)).toBe('slow');
    expect(evidenceOf(answered(200), 3_600_000, Infinity)).toBe('answered');
  });
});
