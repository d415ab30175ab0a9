import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strategies } from './strategies.ts';
import { checkOptions, checkPatch, checkPolicy } from './validate.ts';

/** Name and message of what `policy` is refused with. */
function refusal(policy: unknown, path = 'defaults'): string {
  return thrownBy(() => checkPolicy(policy, path));
}

function thrownBy(check: () => void): string {
  try {
    check();
  } catch (error) {
    return String(error);
  }
  return 'accepted';
}

describe('a policy', () => {
  test.each<[object]>([
    [{}],
    [{ rate: { limit: 0.5, perMs: 1000 } }],
    [
      {
        rate: [
          { limit: 10, perMs: 1000, burst: 1 },
          { limit: Number.POSITIVE_INFINITY, perMs: 60_000 },
        ],
      },
    ],
    [{ burst: 1.5, concurrency: Number.POSITIVE_INFINITY }],
    [{ queue: { maxLength: 0, maxWaitMs: Number.POSITIVE_INFINITY, onFull: 'drop-oldest' } }],
    [{ retry: { maxRetries: 0, backoff: { delayMs: () => 0 }, methods: ['get', 'M-SEARCH'], statuses: [100, 599] } }],
    [{ retry: { when: () => true, maxRetries: Number.POSITIVE_INFINITY, methods: [], statuses: [] } }],
    [{ budget: { ratio: 0, minPerSecond: 0, windowMs: 1 }, hints: { maxRetryAfterMs: 0, rateLimitHeaders: false } }],
    [{ breaker: {} }],
    [{ hedge: {} }],
    [{ hedge: { afterMs: 0.5, quantile: 1, minSamples: 1, ratio: 1 } }],
    [{ breaker: { consecutiveFailures: Number.POSITIVE_INFINITY, failureRatio: 1, healthCheck: () => true } }],
    [{ timeouts: { attemptMs: 0.5, totalMs: Number.POSITIVE_INFINITY } }],
    [{ retry: false, budget: false, hints: false, pace: false, breaker: false, hedge: false }],
    [{ rate: undefined, queue: undefined, retry: { when: undefined }, pace: undefined }],
    [Object.assign(Object.create(null), { burst: 2 })],
    [strategies.simple],
    [strategies.exponential],
    [strategies.jittered],
    [strategies.paced],
  ])('may be %j', (policy) => {
    expect(refusal(policy)).toBe('accepted');
  });

  test('is refused with the path, the rule and the value', () => {
    expect(refusal({ burst: 0 }, "hosts['api.x']")).toBe(
      "RangeError: hosts['api.x'].burst: expected a number from 1, got 0",
    );
    expect(refusal({ burst: '5' }, "hosts['api.x']")).toBe(
      "TypeError: hosts['api.x'].burst: expected a number from 1, got '5'",
    );
    expect(refusal({ bursts: 5 }, "hosts['api.x']")).toBe(
      "TypeError: hosts['api.x'].bursts: unknown option; did you mean 'burst'?",
    );
  });

  test.each<[object, string]>([
    [{ rate: 10 }, 'TypeError: defaults.rate: expected a rate such as perSecond(10), got 10'],
    [{ rate: [] }, 'RangeError: defaults.rate: expected at least one rate, got an empty array'],
    [{ rate: [null] }, 'TypeError: defaults.rate[0]: expected a rate such as perSecond(10), got null'],
    [{ rate: new Array(1) }, 'TypeError: defaults.rate[0]: expected a rate such as perSecond(10), got undefined'],
    [{ rate: { limit: 10 } }, 'TypeError: defaults.rate.perMs: expected a number above 0, got undefined'],
    [
      { rate: { limit: 0, perMs: 1 } },
      'RangeError: defaults.rate.limit: expected a number above 0, or Infinity, got 0',
    ],
    [
      { rate: { limit: 1, perMs: Infinity } },
      'RangeError: defaults.rate.perMs: expected a number above 0, got Infinity',
    ],
    [
      { rate: { limit: 1, perMs: 1, burst: 0.5 } },
      'RangeError: defaults.rate.burst: expected a number from 1, got 0.5',
    ],
    [{ rate: { limit: 1, per: 1 } }, "TypeError: defaults.rate.per: unknown option; did you mean 'perMs'?"],
    [{ burst: Infinity }, 'RangeError: defaults.burst: expected a number from 1, got Infinity'],
    [{ burst: Number.NaN }, 'RangeError: defaults.burst: expected a number from 1, got NaN'],
    [{ concurrency: 1.5 }, 'RangeError: defaults.concurrency: expected a whole number from 1, or Infinity, got 1.5'],
    [{ queue: false }, 'TypeError: defaults.queue: expected an object, got false'],
    [{ queue: { maxLength: -1 } }, 'RangeError: defaults.queue.maxLength: expected a whole number from 0, got -1'],
    [
      { queue: { maxLength: Infinity } },
      'RangeError: defaults.queue.maxLength: expected a whole number from 0, got Infinity',
    ],
    [
      { queue: { onFull: 'drop' } },
      "TypeError: defaults.queue.onFull: expected 'reject-new' or 'drop-oldest', got 'drop'",
    ],
    [{ retry: true }, 'TypeError: defaults.retry: expected false or an object, got true'],
    [{ retry: { maxRetry: 1 } }, "TypeError: defaults.retry.maxRetry: unknown option; did you mean 'maxRetries'?"],
    [
      { retry: { backoff: 100 } },
      'TypeError: defaults.retry.backoff: expected a backoff such as exponential(), got 100',
    ],
    [{ retry: { methods: 'GET' } }, "TypeError: defaults.retry.methods: expected an array of HTTP methods, got 'GET'"],
    [
      { retry: { methods: ['GET '] } },
      "TypeError: defaults.retry.methods[0]: expected an HTTP method such as 'GET', got 'GET '",
    ],
    [{ retry: { methods: [1] } }, "TypeError: defaults.retry.methods[0]: expected an HTTP method such as 'GET', got 1"],
    [
      { retry: { statuses: [200, 600] } },
      'RangeError: defaults.retry.statuses[1]: expected a whole number from 100 to 599, got 600',
    ],
    [
      { retry: { statuses: ['503'] } },
      "TypeError: defaults.retry.statuses[0]: expected a whole number from 100 to 599, got '503'",
    ],
    [{ retry: { when: [500] } }, 'TypeError: defaults.retry.when: expected a function, got an array'],
    [{ budget: { ratio: -0.1 } }, 'RangeError: defaults.budget.ratio: expected a number from 0, got -0.1'],
    [{ hints: { rateLimitHeaders: 1 } }, 'TypeError: defaults.hints.rateLimitHeaders: expected true or false, got 1'],
    [
      { timeouts: { totalMs: 0 } },
      'RangeError: defaults.timeouts.totalMs: expected a number above 0, or Infinity, got 0',
    ],
    [{ pace: true }, 'TypeError: defaults.pace: expected false or an object, got true'],
    [{ pace: { minPerSecond: 0 } }, 'RangeError: defaults.pace.minPerSecond: expected a number above 0, got 0'],
    [{ breaker: true }, 'TypeError: defaults.breaker: expected false or an object, got true'],
    [{ breaker: { probes: 0 } }, 'RangeError: defaults.breaker.probes: expected a whole number from 1, got 0'],
    [
      { breaker: { failureRatio: 2 } },
      'RangeError: defaults.breaker.failureRatio: expected a number above 0 to 1, or Infinity, got 2',
    ],
    [
      { breaker: { whileOpen: 'drop' } },
      "TypeError: defaults.breaker.whileOpen: expected 'refuse' or 'wait', got 'drop'",
    ],
    [{ breaker: { openMS: 1 } }, "TypeError: defaults.breaker.openMS: unknown option; did you mean 'openMs'?"],
    [{ hedge: null }, 'TypeError: defaults.hedge: expected false or an object, got null'],
    [{ hedge: { quantile: 95 } }, 'RangeError: defaults.hedge.quantile: expected a number above 0 to 1, got 95'],
    [{ constructor: 1 }, 'TypeError: defaults.constructor: unknown option; known are rate, burst'],
  ])('is refused for %j', (policy, message) => {
    expect(refusal(policy)).toContain(message);
  });

  test.each([
    [null, 'null'],
    [[], 'an empty array'],
    [new Map([['burst', 2]]), 'an instance of Map'],
    [() => 1, 'a function'],
    ['x'.repeat(100), `'${'x'.repeat(60)}…'`],
  ])('is an object, not %o', (policy, got) => {
    expect(refusal(policy)).toBe(`TypeError: defaults: expected an object, got ${got}`);
  });

  test('is refused for a bigint, which is told from a number', () => {
    expect(refusal({ burst: 3n })).toBe('TypeError: defaults.burst: expected a number from 1, got 3n');
  });

  test('with a name that is near to nothing is told all there are', () => {
    expect(refusal({ queue: { zzzzzz: 1 } })).toBe(
      'TypeError: defaults.queue.zzzzzz: unknown option; known are maxLength, maxWaitMs, onFull, order, targetWaitMs',
    );
  });

  test('of any kind is accepted or refused by TypeError or RangeError', () => {
    const names = fc.constantFrom('rate', 'burst', 'queue', 'retry', 'budget', 'hints', 'timeouts', 'pace', 'x');
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(names, fc.anything())), (policy) => {
        expect(refusal(policy)).toMatch(/^(accepted$|TypeError: defaults|RangeError: defaults)/);
      }),
    );
  });
});

const options = (value: unknown): string => thrownBy(() => checkOptions(value));

describe('the options of an engine', () => {
  test.each([
    [{}],
    [{ defaults: {}, hosts: { 'api.x': {}, '*': { burst: 1 } }, maxLanes: 0, store: undefined }],
    [{ keyOf: () => 'x', random: () => 0.5, clock: { now: () => 0, wallNow: () => 0, setTimer: () => undefined } }],
    [{ hosts: { 'api.x': undefined }, defaults: undefined }],
  ])('may be %j', (value) => {
    expect(options(value)).toBe('accepted');
  });

  test.each([
    [null, 'TypeError: options: expected an object, got null'],
    [{ default: {} }, "TypeError: default: unknown option; did you mean 'defaults'?"],
    [{ defaults: { burst: 0 } }, 'RangeError: defaults.burst: expected a number from 1, got 0'],
    [{ hosts: { 'api.x': { burst: 0 } } }, "RangeError: hosts['api.x'].burst: expected a number from 1, got 0"],
    [{ hosts: { 'api.x': null } }, "TypeError: hosts['api.x']: expected an object, got null"],
    [{ hosts: [] }, 'TypeError: hosts: expected an object of policies by host, got an empty array'],
    [{ hosts: new Map() }, 'TypeError: hosts: expected an object of policies by host, got an instance of Map'],
    [{ hosts: { 'https://x': {} } }, "TypeError: hosts['https://x']: expected a host such as"],
    [{ hosts: { 'API.x': {}, 'api.x': {} } }, "TypeError: hosts['api.x']: the same host as 'API.x'"],
    [{ maxLanes: 1.5 }, 'RangeError: maxLanes: expected a whole number from 0, got 1.5'],
    [{ keyOf: 'host' }, "TypeError: keyOf: expected a function, got 'host'"],
    [{ clock: { now: () => 0 } }, 'TypeError: clock: expected a clock with now, wallNow and setTimer, got an object'],
    [{ store: {} }, 'TypeError: store: expected a store such as redisStore(client), got an object'],
  ])('are refused for %j', (value, message) => {
    expect(options(value)).toContain(message);
  });
});

test('a patch may change policies and nothing else', () => {
  expect(thrownBy(() => checkPatch({ defaults: { burst: 2 }, hosts: {} }))).toBe('accepted');
  expect(thrownBy(() => checkPatch({ maxLanes: 5 }))).toBe(
    'TypeError: maxLanes: unknown option; known are defaults, hosts',
  );
});
