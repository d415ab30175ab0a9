import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { type Backoff, constant, exponential, immediate, type Jitter, linear } from './backoff.ts';

const lowest = (): number => 0;
const highest = (): number => 1 - Number.EPSILON;

/** The waits before the retries of one call, each knowing the last. */
function delaysOf(backoff: Backoff, retries: number, random: () => number): number[] {
  const delays: number[] = [];
  for (let retry = 0; retry < retries; retry += 1) {
    delays.push(backoff.delayMs({ retry, previousMs: delays.at(-1) ?? 0, badness: 0, random }));
  }
  return delays;
}

function expectDelays(backoff: Backoff, delays: readonly number[], random: () => number = lowest): void {
  const close = delays.map((ms) => expect.closeTo(ms, 6));
  expect(delaysOf(backoff, delays.length, random)).toEqual(close);
}

describe('an exponential backoff', () => {
  test('doubles up to its cap', () => {
    expectDelays(exponential({ jitter: 'none' }), [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000]);
    expectDelays(exponential({ baseMs: 50, capMs: 175, jitter: 'none' }), [50, 100, 175, 175]);
    expectDelays(exponential({ baseMs: 500, capMs: 100, jitter: 'none' }), [100, 100]);
  });

  test('has full jitter unless told otherwise', () => {
    expectDelays(exponential(), [0, 0, 0, 0]);
    expectDelays(exponential(), [100, 200, 400, 800], highest);
    expectDelays(exponential({ jitter: undefined as unknown as Jitter }), [50, 100, 200], () => 0.5);
  });

  test('with equal jitter keeps half of the wait', () => {
    expectDelays(exponential({ jitter: 'equal' }), [50, 100, 200], lowest);
    expectDelays(exponential({ jitter: 'equal' }), [100, 200, 400], highest);
  });

  test('with decorrelated jitter goes from its base to three times the last wait, capped', () => {
    const backoff = exponential({ capMs: 2_000, jitter: 'decorrelated' });
    expectDelays(backoff, [100, 100, 100], lowest);
    expectDelays(backoff, [300, 900, 2_000, 2_000], highest);
    expectDelays(backoff, [200, 350, 575], () => 0.5);
  });

  test('with decorrelated jitter begins at its base again after a wait of nothing', () => {
    const delayMs = exponential({ jitter: 'decorrelated' }).delayMs({
      retry: 5,
      previousMs: 0,
      badness: 0,
      random: highest,
    });
    expect(delayMs).toBeCloseTo(300, 6);
  });

  test('with decorrelated jitter and a base over its cap always waits the cap', () => {
    expectDelays(exponential({ baseMs: 500, capMs: 100, jitter: 'decorrelated' }), [100, 100, 100], highest);
  });

  test.each<[Jitter, number, number]>([
    ['full', 400, 800 / Math.sqrt(12)],
    ['equal', 600, 400 / Math.sqrt(12)],
    ['decorrelated', 1_250, 2_300 / Math.sqrt(12)],
  ])('with %s jitter is uniform in its range', (jitter, mean, deviation) => {
    const backoff = exponential({ jitter });
    const random = seededRandom(7);
    const samples = 20_000;
    const delays = Array.from({ length: samples }, () =>
      backoff.delayMs({ retry: 3, previousMs: 800, badness: 0, random }),
    );
    const average = delays.reduce((sum, ms) => sum + ms, 0) / samples;
    const spread = Math.sqrt(delays.reduce((sum, ms) => sum + (ms - average) ** 2, 0) / samples);
    // Four standard errors of the mean; the spread of a uniform distribution is as sure as that.
    expect(Math.abs(average - mean)).toBeLessThan((4 * deviation) / Math.sqrt(samples));
    expect(spread / deviation).toBeCloseTo(1, 1);
  });
});

describe('a linear backoff', () => {
  test('adds the same every time, up to its cap', () => {
    expectDelays(linear({ baseMs: 100 }), [100, 200, 300]);
    expectDelays(linear({ baseMs: 100, stepMs: 50, capMs: 180 }), [100, 150, 180, 180]);
    expectDelays(linear({ baseMs: 100, stepMs: 0 }), [100, 100]);
  });

  test('has jitter only where it is asked for', () => {
    expectDelays(linear({ baseMs: 100, jitter: 'full' }), [50, 100, 150], () => 0.5);
    expectDelays(linear({ baseMs: 100, jitter: 'equal' }), [50, 100, 150], lowest);
  });
});

test('a constant backoff is always the same, and an immediate one is none', () => {
  expectDelays(constant(250), [250, 250, 250], highest);
  expectDelays(immediate, [0, 0, 0], highest);
});

describe('for any options, dice and number of retries', () => {
  const ms = fc.oneof(
    fc.double({ min: 1e-9, max: Number.MAX_VALUE, noNaN: true }),
    fc.integer({ min: 0, max: 100_000 }),
    fc.constantFrom(0, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE),
  );
  const retry = fc.oneof(fc.nat(50), fc.constantFrom(63, 64, 1_023, 1_024, 2_000, Number.MAX_SAFE_INTEGER));
  const random = fc.oneof(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constant(0));
  const step = fc.record({
    retry,
    previousMs: ms,
    badness: fc.constant(0),
    random: random.map((number) => () => number),
  });
  const jitter = fc.constantFrom<Jitter>('none', 'full', 'equal', 'decorrelated');

  test('an exponential wait is a number from 0 to the cap', () => {
    fc.assert(
      fc.property(fc.record({ baseMs: ms, capMs: ms, jitter }), step, (options, facts) => {
        const delayMs = exponential(options).delayMs(facts);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(options.capMs);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a linear wait is a number from 0 to the cap', () => {
    const kinds = fc.constantFrom<'none' | 'full' | 'equal'>('none', 'full', 'equal');
    fc.assert(
      fc.property(fc.record({ baseMs: ms, stepMs: ms, capMs: ms, jitter: kinds }), step, (options, facts) => {
        const delayMs = linear(options).delayMs(facts);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(options.capMs);
      }),
      { numRuns: 2_000 },
    );
  });

  test('full jitter is below, and equal jitter in the upper half of, the wait without jitter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), step, (baseMs, facts) => {
        const most = exponential({ baseMs, jitter: 'none' }).delayMs(facts);
        const full = exponential({ baseMs, jitter: 'full' }).delayMs(facts);
        const equal = exponential({ baseMs, jitter: 'equal' }).delayMs(facts);
        expect(full).toBeLessThan(most);
        expect(equal).toBeGreaterThanOrEqual(most / 2);
        expect(equal).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('a backoff that makes no sense is refused where it is made', () => {
  test.each<[string, () => unknown]>([
    ['RangeError: exponential.baseMs: expected a number from 0, got -1', () => exponential({ baseMs: -1 })],
    ['RangeError: exponential.capMs: expected a number from 0, got Infinity', () => exponential({ capMs: Infinity })],
    ['RangeError: exponential.baseMs: expected a number from 0, got NaN', () => exponential({ baseMs: Number.NaN })],
    [
      "TypeError: exponential.baseMs: expected a number from 0, got '100'",
      () => exponential({ baseMs: '100' as unknown as number }),
    ],
    [
      "TypeError: exponential.jitter: expected 'none' or 'full' or 'equal' or 'decorrelated', got 'some'",
      () => exponential({ jitter: 'some' as Jitter }),
    ],
    [
      "TypeError: exponential.baseMS: unknown option; did you mean 'baseMs'?",
      () => exponential({ baseMS: 50 } as object),
    ],
    ['TypeError: exponential: expected an object, got 100', () => exponential(100 as unknown as { baseMs: number })],
    [
      "TypeError: linear.jitter: expected 'none' or 'full' or 'equal', got 'decorrelated'",
      () => linear({ baseMs: 1, jitter: 'decorrelated' as 'none' }),
    ],
    [
      'TypeError: linear.baseMs: expected a number from 0, got undefined',
      () => linear({ stepMs: 1 } as unknown as { baseMs: number }),
    ],
    ['RangeError: linear.stepMs: expected a number from 0, got -5', () => linear({ baseMs: 1, stepMs: -5 })],
    ['RangeError: constant: expected a number from 0, got -1', () => constant(-1)],
    ['TypeError: constant: expected a number from 0, got undefined', () => (constant as () => unknown)()],
  ])('%s', (message, make) => {
    let thrown: unknown;
    try {
      make();
    } catch (error) {
      thrown = error;
    }
    expect(String(thrown)).toBe(message);
  });
});
