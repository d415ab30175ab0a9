import { describe, expect, test } from 'vitest';
import { Lease } from './lease.ts';

/** A token every 100 ms. */
const RATES = [{ tokensPerMs: 0.01, burst: 10 }];

describe('a lease', () => {
  test('has at once what was there, and the rest as it comes', () => {
    const lease = new Lease();
    lease.add(4, [2], RATES, 0);
    expect([1, 2, 3, 4, 5].map((cost) => lease.waitMs(cost, 0))).toEqual([0, 0, 100, 200, Infinity]);
    lease.take(2);
    expect(lease.held).toBe(2);
    expect([1, 2].map((cost) => lease.waitMs(cost, 150))).toEqual([0, 50]);
  });

  test('promised by buckets in debt begins when the debt is over', () => {
    const lease = new Lease();
    lease.add(1, [-3], RATES, 0);
    expect(lease.waitMs(1, 0)).toBe(400);
    expect(lease.waitMs(1, 399)).toBeCloseTo(1, 9);
    expect(lease.waitMs(1, 400)).toBe(0);
  });

  test('of several rates goes by the slowest', () => {
    const lease = new Lease();
    lease.add(2, [2, 0], [...RATES, { tokensPerMs: 0.001, burst: 5 }], 0);
    expect(lease.waitMs(1, 0)).toBe(1_000);
  });

  test('of several grants spends the earlier first, and one call may need both', () => {
    const lease = new Lease();
    lease.add(1, [1], RATES, 0);
    lease.add(2, [-1], RATES, 0);
    expect([1, 2, 3].map((cost) => lease.waitMs(cost, 0))).toEqual([0, 200, 300]);
    lease.take(1);
    expect(lease.waitMs(1, 0)).toBe(200);
    lease.take(0);
    expect(lease.held).toBe(2);
  });

  test('takes back what was not used, for the next at once', () => {
    const lease = new Lease();
    lease.add(2, [1], RATES, 0);
    lease.take(1);
    lease.giveBack(1);
    expect([1, 2].map((cost) => lease.waitMs(cost, 0))).toEqual([0, 100]);
  });

  test('gives up the latest first, and no more than it has', () => {
    const lease = new Lease();
    lease.add(2, [2], RATES, 0);
    lease.add(3, [-5], RATES, 0);
    expect(lease.giveUp(4)).toBe(4);
    expect([lease.held, lease.waitMs(1, 0)]).toEqual([1, 0]);
    expect(lease.giveUp(Infinity)).toBe(1);
    expect([lease.held, lease.giveUp(1), lease.waitMs(1, 0)]).toEqual([0, 0, Infinity]);
  });

  test('of fractions comes out even', () => {
    const lease = new Lease();
    lease.add(0.3, [0.3], RATES, 0);
    for (let tenth = 0; tenth < 3; tenth += 1) {
      expect(lease.waitMs(0.1, 0)).toBe(0);
      lease.take(0.1);
    }
    expect(lease.held).toBe(0);
  });
});
