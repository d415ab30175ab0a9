import { expect, test } from 'vitest';
import { LUCK_OF, luck } from './luck.ts';

const COUNT = 20_000;

function draws(seed: number, stream: number): readonly number[] {
  return Array.from({ length: COUNT }, (_, index) => luck(seed, stream, index));
}

/** Pearson's correlation; beyond ±4/√n is less likely than 1 in 10 000 for independent draws. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const spread = (values: readonly number[]): readonly number[] => values.map((value) => (value - 0.5) * Math.sqrt(12));
  const [x, y] = [spread(a), spread(b)];
  return x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0) / COUNT;
}

test.each([0, 1, 2, 42, -7, 2 ** 40])('seed %i spreads evenly over ten parts of [0, 1)', (seed) => {
  const parts = new Array<number>(10).fill(0);
  for (const value of draws(seed, LUCK_OF.errors)) parts[Math.floor(value * 10)]! += 1;
  // Five standard deviations of a part's count.
  const bound = 5 * Math.sqrt(COUNT * 0.1 * 0.9);
  for (const count of parts) expect(Math.abs(count - COUNT / 10)).toBeLessThan(bound);
});

test('neighbouring seeds, streams of one seed and successive draws know nothing of each other', () => {
  const bound = 4 / Math.sqrt(COUNT);
  const errors = draws(1, LUCK_OF.errors);
  expect(Math.abs(correlation(errors, draws(2, LUCK_OF.errors)))).toBeLessThan(bound);
  expect(Math.abs(correlation(errors, draws(1, LUCK_OF.slow)))).toBeLessThan(bound);
  expect(Math.abs(correlation(errors, [...errors.slice(1), 0.5]))).toBeLessThan(bound);
});
