import { describe, expect, test } from 'vitest';
import { Demand } from './demand.ts';

/** Calls at even gaps from 0 to `untilMs`; how many there were. */
function arrive(demand: Demand, everyMs: number, fromMs: number, untilMs: number, before = 0): number {
  let calls = before;
  for (let now = fromMs; now < untilMs; now += everyMs) {
    if (now >= demand.dueAt) demand.advance(calls, now);
    calls += 1;
  }
  return calls;
}

describe('the demand', () => {
  test.each([2_000, 7_000, 12_000, 60_000])('of an even stream is its rate, after %i ms', (untilMs) => {
    const demand = new Demand(0);
    const calls = arrive(demand, 100, 0, untilMs);
    expect(demand.perSecond(calls, untilMs)).toBeCloseTo(10, 0);
  });

  test('of calls that come all at once is spread over a second', () => {
    expect(new Demand(0).perSecond(100, 0)).toBe(100);
    expect(new Demand(0).perSecond(100, 10)).toBe(100);
    expect(new Demand(0).perSecond(100, 4_000)).toBe(25);
  });

  test('follows a change within ten seconds', () => {
    const demand = new Demand(0);
    const before = arrive(demand, 10, 0, 30_000);
    const calls = arrive(demand, 1_000, 30_000, 41_000, before);
    expect(demand.perSecond(calls, 41_000)).toBeCloseTo(1, 0);
  });

  test('forgets what came before a rest', () => {
    const demand = new Demand(0);
    const before = arrive(demand, 10, 0, 5_000);
    const calls = arrive(demand, 1_000, 3_600_000, 3_603_000, before);
    expect(demand.perSecond(calls, 3_603_000)).toBeCloseTo(1, 5);
  });
});
