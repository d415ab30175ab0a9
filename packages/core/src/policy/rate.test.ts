import { expect, test } from 'vitest';
import { perHour, perMinute, perSecond } from './rate.ts';

test('a rate is so many every so many milliseconds', () => {
  expect(perSecond(10)).toStrictEqual({ limit: 10, perMs: 1000 });
  expect(perMinute(0.5)).toStrictEqual({ limit: 0.5, perMs: 60_000 });
  expect(perHour(5000, { burst: 100 })).toStrictEqual({ limit: 5000, perMs: 3_600_000, burst: 100 });
});

test('a rate that makes no sense is refused where it is made', () => {
  expect(() => perSecond(0)).toThrow(new RangeError('perSecond.limit: expected a number above 0, or Infinity, got 0'));
  expect(() => perMinute(Number.NaN)).toThrow(RangeError);
  expect(() => perHour('5' as unknown as number)).toThrow(TypeError);
  expect(() => perSecond(5, { burst: 0 })).toThrow(new RangeError('perSecond.burst: expected a number from 1, got 0'));
});

test('a rate cannot be changed', () => {
  expect([perSecond(1), perSecond(1, { burst: 2 })].every(Object.isFrozen)).toBe(true);
});
