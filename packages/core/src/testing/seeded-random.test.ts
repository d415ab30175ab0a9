import { describe, expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

const take = (count: number, seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

describe('a seeded random', () => {
  test('gives the published numbers of mulberry32', () => {
    expect(take(3, 1)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  test('gives the same numbers for the same seed and others for another', () => {
    expect(take(100, 42)).toEqual(take(100, 42));
    expect(take(100, 42)).not.toEqual(take(100, 43));
  });

  test('of one seed is not disturbed by others', () => {
    const random = seededRandom(42);
    const first = random();
    seededRandom(42)();
    expect([first, random()]).toEqual(take(2, 42));
  });

  test.each([0, 1, -1, 2 ** 31, 0xffff_ffff, 0.5])('of seed %d is spread evenly over [0, 1)', (seed) => {
    const counts = new Array<number>(20).fill(0);
    const numbers = take(20_000, seed);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    for (const number of numbers) counts[Math.floor(number * 20)]! += 1;
    // Chi-squared with 19 degrees of freedom is over 43.8 once in a thousand seeds.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquared).toBeLessThan(43.8);
  });
});
