import { expect, test } from 'vitest';
import { Demand } from './demand.ts';

test('a steady demand is expected to go on', () => {
  const demand = new Demand(1_000);
  for (let at = 0; at < 10_000; at += 10) demand.add(1, at);
  expect(demand.expected(500, 10_000)).toBeGreaterThan(49);
  expect(demand.expected(500, 10_000)).toBeLessThan(51);
});

test('what is over fades', () => {
  const demand = new Demand(1_000);
  demand.add(100, 0);
  expect(demand.expected(1_000, 0)).toBe(100);
  expect(demand.expected(1_000, 1_000)).toBeCloseTo(100 / Math.E, 9);
  expect(demand.expected(1_000, 60_000)).toBeLessThan(1e-9);
});
