import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const KNOWN = ['rate', 'burst', 'concurrency', 'maxRetries', 'maxRetryAfterMs'];

test.each([
  ['bursts', 'burst'],
  ['BURST', 'burst'],
  ['concurency', 'concurrency'],
  ['maxRetry', 'maxRetries'],
  ['maxRetryAfter', 'maxRetryAfterMs'],
  ['rates', 'rate'],
])('%s was meant to be %s', (typed, meant) => {
  expect(nearestName(typed, KNOWN)).toBe(meant);
});

test.each(['', 'zzzzzz', 'timeout', 'x'.repeat(10_000)])('%.20s was meant to be none of them', (typed) => {
  expect(nearestName(typed, KNOWN)).toBeUndefined();
});

test('a known name is its own nearest, and any string has an answer', () => {
  fc.assert(fc.property(fc.constantFrom(...KNOWN), (name) => nearestName(name, KNOWN) === name));
  fc.assert(fc.property(fc.string(), (name) => [undefined, ...KNOWN].includes(nearestName(name, KNOWN))));
});
