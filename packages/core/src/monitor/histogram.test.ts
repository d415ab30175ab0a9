import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { Histogram } from './histogram.ts';

const QUANTILES = [0.5, 0.9, 0.99] as const;

function histogramOf(times: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const ms of times) histogram.record(ms);
  return histogram;
}

/** The time that a share `q` of `times` did not exceed: the nearest rank. */
function exactQuantile(times: readonly number[], q: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

/** Within 5 %, or an eighth of a millisecond. */
function expectClose(estimate: number | null, exact: number): void {
  expect(Math.abs((estimate ?? Number.NaN) - exact)).toBeLessThanOrEqual(Math.max(0.05 * exact, 0.125));
}

describe('a histogram', () => {
  test('without samples has no quantiles', () => {
    expect(new Histogram().snapshot()).toEqual({ count: 0, p50: null, p90: null, p99: null });
  });

  test('reads 0 for what happened at once', () => {
    expect(histogramOf([0, 0, 0.05]).snapshot()).toEqual({ count: 3, p50: 0, p90: 0, p99: 0 });
  });

  test('tells one long time among many short ones by the last quantile only', () => {
    const { p50, p90, p99 } = histogramOf([...new Array<number>(98).fill(10), 5_000, 5_000]).snapshot();
    expectClose(p50, 10);
    expectClose(p90, 10);
    expectClose(p99, 5_000);
  });

  test('is within 5 % of every time up to an hour', () => {
    for (let ms = 0; ms < 3_600_000; ms = ms * 1.001 + 0.01) expectClose(histogramOf([ms]).quantile(0.5), ms);
  });

  test.each([
    [2 ** 22, 4_000_000],
    [1e12, 4_000_000],
    [Infinity, 4_000_000],
    [-5, 0],
    [Number.NaN, 0],
  ])('takes %d for something that it can count', (ms, expected) => {
    const { count, p50 } = histogramOf([ms]).snapshot();
    expect(count).toBe(1);
    expect(Math.abs((p50 ?? Number.NaN) - expected)).toBeLessThanOrEqual(expected / 20);
  });

  test('is close to the exact quantiles of any times', () => {
    const time = fc.oneof(
      fc.nat(50),
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 4_000_000, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 500 }), (times) => {
        const histogram = histogramOf(times);
        for (const q of QUANTILES) expectClose(histogram.quantile(q), exactQuantile(times, q));
      }),
    );
  });

  test('keeps its quantiles, the rare ones too, however many samples it has seen', () => {
    const random = seededRandom(3);
    // Exponential with a mean of 100 ms: the last hundredth is spread thinly over many buckets.
    const times = Array.from({ length: 100_000 }, () => -100 * Math.log(1 - random()));
    const histogram = new Histogram();
    for (const [index, ms] of times.entries()) {
      histogram.record(ms);
      if (index % 4_096 !== 4_095) continue;
      const { p50, p90, p99 } = histogram.snapshot();
      // 69, 230 and 461 in truth; beside the buckets' width there is the luck of the last few thousand.
      for (const [estimate, exact] of [
        [p50, 69.3],
        [p90, 230.3],
        [p99, 460.5],
      ] as const) {
        expect((estimate ?? 0) / exact).toBeGreaterThan(0.85);
        expect((estimate ?? 0) / exact).toBeLessThan(1.15);
      }
    }
    expect(histogram.snapshot().count).toBe(100_000);
  });

  test('leans to the recent: what changed some thousand samples ago is what it shows', () => {
    const histogram = histogramOf(new Array<number>(100_000).fill(10));
    for (let index = 0; index < 8_192; index += 1) histogram.record(1_000);
    expectClose(histogram.quantile(0.5), 1_000);
  });

  test('still has quantiles after millions of samples', () => {
    const histogram = histogramOf([3_000_000]);
    for (let index = 0; index < 3_000_000; index += 1) histogram.record(index % 15);
    const { count, p50, p99 } = histogram.snapshot();
    expect(count).toBe(3_000_001);
    expectClose(p50, 7);
    expectClose(p99, 14);
    expect(histogram.quantile(1)).toBeGreaterThan(14);
  });
});
