import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RateRule } from '../policy/rules.ts';
import { type Bucket, carryOver, fullBucket, giveBack, refill, spend, waitFor, waitForAll } from './bucket.ts';

const RULE: RateRule = { tokensPerMs: 0.01, burst: 5 };

/** Milliseconds until `cost` tokens are there; if they are, they are spent. */
function take(bucket: Bucket, rule: RateRule, cost: number, now: number): number {
  refill(bucket, rule, now);
  const waitMs = waitFor(bucket, rule, cost);
  if (waitMs === 0) spend(bucket, cost);
  return waitMs;
}

/** The other well-known form of the same rule: one number, the time at which the bucket will be full. */
class Gcra {
  readonly #rule: RateRule;
  #fullAt = -Infinity;

  constructor(rule: RateRule) {
    this.#rule = rule;
  }

  waitFor(cost: number, now: number): number {
    const { tokensPerMs, burst } = this.#rule;
    return Math.max(0, Math.max(now, this.#fullAt) + cost / tokensPerMs - burst / tokensPerMs - now);
  }

  take(cost: number, now: number): void {
    this.#fullAt = Math.max(now, this.#fullAt) + cost / this.#rule.tokensPerMs;
  }
}

describe('a bucket', () => {
  test('begins full and lets its burst leave at once', () => {
    const bucket = fullBucket(RULE, 0);
    expect([1, 1, 1, 1, 1, 1].map((cost) => take(bucket, RULE, cost, 0))).toEqual([0, 0, 0, 0, 0, 100]);
  });

  test('refills continuously', () => {
    const bucket: Bucket = { tokens: 0, at: 0 };
    refill(bucket, RULE, 25);
    expect(waitFor(bucket, RULE, 1)).toBeCloseTo(75, 9);
    refill(bucket, RULE, 50);
    expect(waitFor(bucket, RULE, 1)).toBeCloseTo(50, 9);
    expect(waitFor(bucket, RULE, 0.5)).toBe(0);
  });

  test('never holds more than its burst, after any rest', () => {
    const bucket: Bucket = { tokens: 0, at: 0 };
    refill(bucket, RULE, 1e12);
    expect(bucket.tokens).toBe(5);
  });

  test('neither wins nor loses by a clock that steps back', () => {
    const bucket: Bucket = { tokens: 2, at: 1_000 };
    refill(bucket, RULE, 0);
    expect(bucket).toEqual({ tokens: 2, at: 1_000 });
    refill(bucket, RULE, 1_100);
    expect(bucket.tokens).toBeCloseTo(3, 9);
  });

  test('keeps the promise of a wait, whatever the floating point makes of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        (tokensPerMs, tokens, at) => {
          const rule: RateRule = { tokensPerMs, burst: 5 };
          const bucket: Bucket = { tokens, at };
          refill(bucket, rule, at + waitFor(bucket, rule, 1));
          expect(waitFor(bucket, rule, 1)).toBe(0);
        },
      ),
    );
  });

  test('takes back what was not used, up to its burst', () => {
    const bucket: Bucket = { tokens: 1, at: 0 };
    giveBack(bucket, RULE, 3);
    expect(bucket.tokens).toBe(4);
    giveBack(bucket, RULE, 3);
    expect(bucket.tokens).toBe(5);
  });
});

describe('decides like GCRA', () => {
  const gaps = fc.array(fc.nat(40), { maxLength: 300 });

  test('to the digit, where the numbers are exact', () => {
    const rate = fc.record({
      tokensPerMs: fc.integer({ min: -6, max: 2 }).map((log) => 2 ** log),
      burst: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(rate, gaps, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1 }), (rule, arrivals, costs) => {
        const bucket = fullBucket(rule, 0);
        const gcra = new Gcra(rule);
        let now = 0;
        for (const [index, gap] of arrivals.entries()) {
          now += gap;
          const cost = Math.min(rule.burst, costs[index % costs.length] ?? 1);
          const waitMs = take(bucket, rule, cost, now);
          expect(waitMs).toBe(gcra.waitFor(cost, now));
          if (waitMs === 0) gcra.take(cost, now);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('for any rate and any arrivals', () => {
    const rate = fc.record({
      tokensPerMs: fc.double({ min: 1e-3, max: 2, noNaN: true }),
      burst: fc.double({ min: 1, max: 20, noNaN: true }),
    });
    const gap = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(rate, fc.array(gap, { maxLength: 300 }), (rule, arrivals) => {
        const bucket = fullBucket(rule, 0);
        const gcra = new Gcra(rule);
        let now = 0;
        for (const ms of arrivals) {
          now += ms;
          const expected = gcra.waitFor(1, now);
          // Where a token is there to the last bit, either may see it first.
          if (expected > 0 && expected * rule.tokensPerMs < 1e-7) continue;
          const waitMs = take(bucket, rule, 1, now);
          expect(waitMs).toBeCloseTo(expected, 5);
          if (waitMs === 0) gcra.take(1, now);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('in no window do more tokens leave than the burst and what was refilled', () => {
  const rate = fc.record({
    tokensPerMs: fc.double({ min: 1e-3, max: 1, noNaN: true }),
    burst: fc.double({ min: 1, max: 10, noNaN: true }),
  });
  const step = fc.record({
    gapMs: fc.nat(50),
    cost: fc.double({ min: 0.1, max: 3, noNaN: true }),
    isUsed: fc.boolean(),
  });
  fc.assert(
    fc.property(rate, fc.array(step, { maxLength: 100 }), (rule, steps) => {
      const bucket = fullBucket(rule, 0);
      const left: { at: number; cost: number }[] = [];
      let now = 0;
      for (const { gapMs, cost, isUsed } of steps) {
        now += gapMs;
        if (take(bucket, rule, cost, now) > 0) continue;
        if (isUsed) left.push({ at: now, cost });
        else giveBack(bucket, rule, cost);
      }
      for (const [index, { at }] of left.entries()) {
        let sum = 0;
        for (const later of left.slice(index)) {
          sum += later.cost;
          expect(sum).toBeLessThanOrEqual(rule.burst + (later.at - at) * rule.tokensPerMs + 1e-6);
        }
      }
    }),
  );
});

describe('the wait of a whole line', () => {
  test.each([
    [5, 3, 0, 0, 'is nothing while the bucket lasts'],
    [5, 7, 0, 200, 'is that of the tokens which are missing'],
    [0, 1, 0, 100, 'is that of the first token'],
    [0, 1, 300, 300, 'is that of the hold, in which tokens come'],
    [0, 8, 300, 800, 'counts the tokens that come during the hold'],
    [0, 8, 10_000, 10_300, 'counts no more of them than the bucket holds'],
    [0, 1, Infinity, Infinity, 'never ends if the hold does not'],
  ])('with %d tokens, %d to leave and held for %d ms is %d ms: %s', (tokens, cost, heldMs, waitMs) => {
    expect(waitForAll({ tokens, at: 0 }, RULE, cost, heldMs)).toBeCloseTo(waitMs, 9);
  });

  test('is the time at which the last of them leaves', () => {
    const rate = fc.record({
      tokensPerMs: fc.double({ min: 1e-2, max: 1, noNaN: true }),
      burst: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(rate, fc.nat(9), fc.integer({ min: 1, max: 30 }), fc.nat(500), (rule, tokens, line, heldMs) => {
        const start: Bucket = { tokens: Math.min(tokens, rule.burst), at: 0 };
        const expected = waitForAll(start, rule, line, heldMs);
        const bucket = { ...start };
        let now = heldMs;
        for (let index = 0; index < line; index += 1) {
          refill(bucket, rule, now);
          now += waitFor(bucket, rule, 1);
          refill(bucket, rule, now);
          spend(bucket, 1);
        }
        expect(expected).toBeCloseTo(now, 4);
      }),
    );
  });
});

describe('the bucket of a changed policy', () => {
  test.each<[Bucket | undefined, RateRule, number, string]>([
    [{ tokens: 2, at: 900 }, { tokensPerMs: 1, burst: 10 }, 2, 'wins nothing by a larger burst'],
    [{ tokens: 4, at: 900 }, { tokensPerMs: 1, burst: 3 }, 3, 'loses what does not fit'],
    [undefined, { tokensPerMs: 1, burst: 3 }, 3, 'is full where there was none'],
  ])('of %o under %o holds %d: it %s', (before, rule, tokens) => {
    expect(carryOver(before, rule, 1_000)).toEqual({ tokens, at: 1_000 });
  });
});
