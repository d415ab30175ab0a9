import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPaceOptions } from './pace-options.ts';

describe('the options of a call', () => {
  test.each([
    [{}],
    [{ priority: -1.5, cost: 0.5, key: 'tenant 7', maxRetries: 0, maxWaitMs: 0, idempotent: false }],
    [{ attemptMs: 1, totalMs: Number.POSITIVE_INFINITY, maxWaitMs: Number.POSITIVE_INFINITY, maxRetries: 9 }],
    [{ priority: undefined, cost: undefined }],
    [Object.assign(Object.create(null), { cost: 2 })],
  ])('may be %j', (options) => {
    expect(() => checkPaceOptions(options)).not.toThrow();
  });

  test.each([
    [{ cost: 0 }, new RangeError('pace.cost: expected a number above 0, got 0')],
    [{ cost: Number.NaN }, new RangeError('pace.cost: expected a number above 0, got NaN')],
    [{ cost: '1' }, new TypeError("pace.cost: expected a number above 0, got '1'")],
    [{ priority: Infinity }, new RangeError('pace.priority: expected a number that is finite, got Infinity')],
    [{ key: '' }, new TypeError("pace.key: expected a lane key that is not empty, got ''")],
    [{ maxRetries: 1.5 }, new RangeError('pace.maxRetries: expected a whole number from 0, or Infinity, got 1.5')],
    [{ attemptMs: 0 }, new RangeError('pace.attemptMs: expected a number above 0, or Infinity, got 0')],
    [{ totalMs: -5 }, new RangeError('pace.totalMs: expected a number above 0, or Infinity, got -5')],
    [{ maxWaitMs: null }, new TypeError('pace.maxWaitMs: expected a number from 0, or Infinity, got null')],
    [{ idempotent: 1 }, new TypeError('pace.idempotent: expected true or false, got 1')],
    [{ retries: 3 }, new TypeError("pace.retries: unknown option; did you mean 'maxRetries'?")],
    [{ timeout: undefined }, new TypeError('pace.timeout: unknown option; known are priority, cost')],
    [{ constructor: 3 }, new TypeError('pace.constructor: unknown option')],
    [5, new TypeError('pace: expected an object, got 5')],
    [null, new TypeError('pace: expected an object, got null')],
    [[1], new TypeError('pace: expected an object, got an array')],
  ])('are refused for %j', (options, error) => {
    expect(() => checkPaceOptions(options)).toThrow(error.constructor as ErrorConstructor);
    expect(() => checkPaceOptions(options)).toThrow(error.message);
  });

  test('of any kind pass, or are refused by TypeError or RangeError', () => {
    const names = fc.constantFrom('priority', 'cost', 'key', 'maxRetries', 'totalMs', 'idempotent', 'x');
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(names, fc.anything())), (options) => {
        try {
          checkPaceOptions(options);
        } catch (error) {
          expect(String(error)).toMatch(/^(Type|Range)Error: pace/);
        }
      }),
    );
  });
});
