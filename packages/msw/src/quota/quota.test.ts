import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullQuota, type QuotaRules, takeFromQuota } from './quota.ts';

/** Times at which requests were let in, given the gaps between arrivals. */
function admissions(rules: QuotaRules, gapsMs: readonly number[]): readonly number[] {
  let state = fullQuota(rules, 0);
  let now = 0;
  const admitted: number[] = [];
  for (const gap of gapsMs) {
    now += gap;
    const taken = takeFromQuota(rules, state, now);
    state = taken.state;
    if (taken.view.admitted) admitted.push(now);
  }
  return admitted;
}

const window = (limit: number, perMs: number): QuotaRules => ({
  ...{ kind: 'fixed-window', limit, perMs, burst: limit, dialects: [] },
});
const bucket = (limit: number, perMs: number, burst: number): QuotaRules => ({
  ...{ kind: 'token-bucket', limit, perMs, burst, dialects: [] },
});

const limits = fc.integer({ min: 1, max: 20 });
const periods = fc.integer({ min: 1, max: 5_000 });
const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2_000, noNaN: true })), { maxLength: 120 });

describe('a fixed window', () => {
  test('never lets more than its limit into one window', () => {
    fc.assert(
      fc.property(limits, periods, gaps, (limit, perMs, gapsMs) => {
        const perWindow = new Map<number, number>();
        for (const at of admissions(window(limit, perMs), gapsMs)) {
          const index = Math.floor(at / perMs);
          perWindow.set(index, (perWindow.get(index) ?? 0) + 1);
        }
        expect(Math.max(0, ...perWindow.values())).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('refuses the next one until the window ends, and not a moment longer', () => {
    const rules = window(2, 1_000);
    expect(admissions(rules, [0, 0, 0, 999])).toEqual([0, 0]);
    expect(admissions(rules, [0, 0, 0, 1_000])).toEqual([0, 0, 1_000]);
  });

  test('keeps to its grid when nobody asked for a while', () => {
    expect(admissions(window(1, 1_000), [0, 1_500, 499, 1])).toEqual([0, 1_500, 2_000]);
  });

  test('lets two windows’ worth through around their border, as such servers do', () => {
    expect(admissions(window(2, 1_000), [999, 0, 1, 0, 0])).toEqual([999, 999, 1_000, 1_000]);
  });
});

describe('a token bucket', () => {
  test('never lets more than burst + rate × time into any span of time', () => {
    fc.assert(
      fc.property(limits, periods, limits, gaps, (limit, perMs, burst, gapsMs) => {
        const admitted = admissions(bucket(limit, perMs, burst), gapsMs);
        for (const [first, from] of admitted.entries()) {
          for (const [last, to] of admitted.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) * limit) / perMs + 1e-6);
          }
        }
      }),
    );
  });

  test('lets a saturating client have its full rate, so nothing is lost between refills', () => {
    const everyMs = Array.from({ length: 10_000 }, () => 1);
    expect(admissions(bucket(3, 1_000, 1), everyMs)).toHaveLength(30);
  });
});

test('whoever waits as long as the view says is let in, for both kinds', () => {
  fc.assert(
    fc.property(fc.boolean(), limits, periods, gaps, (isBucket, limit, perMs, gapsMs) => {
      const rules = isBucket ? bucket(limit, perMs, limit) : window(limit, perMs);
      let state = fullQuota(rules, 0);
      let now = 0;
      for (const gap of gapsMs) {
        now += gap;
        const { state: after, view } = takeFromQuota(rules, state, now);
        state = after;
        if (view.admitted) continue;
        const later = takeFromQuota(rules, state, now + view.resetMs + 1e-6);
        expect(later.view.admitted).toBe(true);
      }
    }),
  );
});
