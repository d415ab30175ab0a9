import { expect, test } from 'vitest';
import { multiplied, numbersIn, withNumber } from './numbers-in.ts';

const policy = {
  rate: [{ limit: 10, perMs: 1_000 }, '600/min'],
  retry: { maxRetries: 3, statuses: [503], backoff: { kind: 'linear', baseMs: 100 } },
  budget: false,
};

test('every number of a policy is found, in lists and in text, too', () => {
  expect(numbersIn(policy).map(({ at, number }) => [at.join('.'), number])).toEqual([
    ['rate.0.limit', 10],
    ['rate.0.perMs', 1_000],
    ['rate.1', '600/min'],
    ['retry.maxRetries', 3],
    ['retry.backoff.baseMs', 100],
  ]);
});

test('another number in one place leaves all else, and the policy itself, as it was', () => {
  const before = structuredClone(policy);
  const changed = withNumber(policy, ['rate', '0', 'limit'], 5);
  expect(changed).toEqual({ ...before, rate: [{ limit: 5, perMs: 1_000 }, '600/min'] });
  expect(policy).toEqual(before);
});

test('half of a number may be rounded, and half of a rate keeps its unit', () => {
  expect([multiplied(3, 0.5, false), multiplied(3, 0.5, true), multiplied('5/s', 0.5, true)]).toEqual([
    1.5,
    2,
    '2.5/s',
  ]);
});
