import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jitteredHoldMs } from './hold.ts';

test.each([
  [0, 0, 0],
  [100, 100, 125],
  [2_000, 2_000, 2_500],
  [60_000, 60_000, 60_500],
])('a wait of %d ms holds for %d to %d ms', (waitMs, least, most) => {
  expect(jitteredHoldMs(waitMs, () => 0)).toBe(least);
  expect(jitteredHoldMs(waitMs, () => 1 - Number.EPSILON)).toBeCloseTo(most, 6);
});

test('a hold is never shorter than what the server asked for, and longer by a quarter or 500 ms at most', () => {
  const waitMs = fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(waitMs, random, (ms, number) => {
      const heldMs = jitteredHoldMs(ms, () => number);
      expect(heldMs).toBeGreaterThanOrEqual(ms);
      expect(heldMs).toBeLessThanOrEqual(ms + Math.min(500, ms / 4));
    }),
  );
});
