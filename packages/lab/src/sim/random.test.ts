import { expect, test } from 'vitest';
import { exponentialOf, gammaOf, randomStream } from './random.ts';

function momentsOf(draw: () => number, count = 100_000): { mean: number; cv: number } {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { mean, cv: Math.sqrt(variance) / mean };
}

test.each([0, 0.3, 0.5, 1, 1.5, 2])('service times have their mean and coefficient of variation: %d', (cv) => {
  const random = randomStream(1, 'test');
  const moments = momentsOf(() => gammaOf(100, cv, random));
  expect(Math.abs(moments.mean - 100)).toBeLessThan(2);
  expect(Math.abs(moments.cv - cv)).toBeLessThan(0.03);
});

test('times between calls are exponential', () => {
  const random = randomStream(2, 'test');
  const { mean, cv } = momentsOf(() => exponentialOf(5, random));
  expect(Math.abs(mean - 5)).toBeLessThan(0.1);
  expect(Math.abs(cv - 1)).toBeLessThan(0.03);
});

test('streams of different seeds, purposes and processes have nothing in common', () => {
  const firsts = [randomStream(1, 'a'), randomStream(2, 'a'), randomStream(1, 'b'), randomStream(1, 'a', 1)].map(
    (draw) => draw(),
  );
  expect(new Set(firsts).size).toBe(4);
  expect(randomStream(1, 'a')()).toBe(firsts[0]);
});
