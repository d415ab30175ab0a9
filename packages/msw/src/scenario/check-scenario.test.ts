import { describe, expect, test } from 'vitest';
import { failures } from '../failures.ts';

/** Hands over what no type would let pass, as JavaScript may. */
function messageOf(scenario: unknown, options?: unknown): string {
  try {
    Reflect.apply(failures, undefined, [scenario, options]);
  } catch (error) {
    return `${error}`;
  }
  return 'fine';
}

describe('a wrong scenario is refused by the name of its part', () => {
  const quota = { limit: 1, perMs: 1_000 };
  test.each([
    [{ frist: [] }, /^TypeError: scenario: expected only url, method, .*, seed; got 'frist'$/],
    [null, 'TypeError: scenario: expected an object, got null'],
    [{ quota: null }, 'TypeError: quota: expected an object, got null'],
    [{ url: 7 }, 'TypeError: url: expected a string or a RegExp, got 7'],
    [{ seed: 1.5 }, /^RangeError: seed: expected an integer from .*, got 1.5$/],
    [{ first: 503 }, 'TypeError: first: expected a list, got 503'],
    [{ first: [503, 99] }, 'RangeError: first[1]: expected an integer from 200 to 599, got 99'],
    [{ first: ['boom'] }, /^TypeError: first\[0]: expected a status, .* or an answer, got 'boom'$/],
    [{ first: [{ status: 204, body: 'x' }] }, 'TypeError: first[0].body: expected none beside status 204'],
    [{ first: [{ cutAfter: 1 }] }, 'RangeError: first[0].body: expected 2 bytes or more to cut, got 0'],
    [{ first: [{ body: 'abc', cutAfter: 3 }] }, /^RangeError: first\[0].cutAfter: expected an integer from 1 to 2/],
    [{ first: [{ headers: { 'a b': 'c' } }] }, 'TypeError: first[0].headers: expected names and values of headers'],
    [{ firstOfEachCall: [{ body: 7 }] }, 'TypeError: firstOfEachCall[0].body: expected a string, got 7'],
    [{ outages: [{ fromMs: 10, toMs: 9 }] }, 'RangeError: outages[0].toMs: expected a number from 10, got 9'],
    [{ errors: {} }, 'TypeError: errors.share: expected a number from 0 to 1, got undefined'],
    [{ errors: { share: Number.NaN } }, 'RangeError: errors.share: expected a number from 0 to 1, got NaN'],
    [{ slow: { minMs: 5, maxMs: 4 } }, 'RangeError: slow.maxMs: expected a number from 5 to 2147483647, got 4'],
    [{ slow: { minMs: 2 ** 31 } }, /^RangeError: slow.minMs: expected a number from 0 to 2147483647/],
    [{ quota: { ...quota, limit: 0 } }, 'RangeError: quota.limit: expected an integer from 1, got 0'],
    [{ quota: { ...quota, burst: 2 } }, "TypeError: quota.burst: expected kind 'token-bucket' beside it"],
    [{ quota: { ...quota, kind: 'leaky' } }, /^TypeError: quota.kind: expected 'fixed-window' or 'token-bucket'/],
    [{ quota: { ...quota, headers: ['none', 'x'] } }, /^TypeError: quota.headers\[1]: expected 'none' or .*, got 'x'$/],
  ])('%j', (scenario, message) => {
    expect(messageOf(scenario)).toMatch(message);
  });
});

describe('a wrong option is refused by its name', () => {
  test.each([
    [{ clok: 1 }, "TypeError: options: expected only clock, callBy, recordBodies, handlers; got 'clok'"],
    [{ clock: {} }, 'TypeError: options.clock: expected a clock with now, wallNow and setTimer, got an object'],
    [{ clock: null }, 'TypeError: options.clock: expected a clock'],
    [{ callBy: '' }, "TypeError: options.callBy: expected the name of a header or a function, got ''"],
    [{ recordBodies: 1 }, 'TypeError: options.recordBodies: expected true or false, got 1'],
    [{ handlers: () => [] }, 'TypeError: options.handlers: expected a list, got a function'],
  ])('%j', (options, message) => {
    expect(messageOf({}, options)).toMatch(message);
  });
});
