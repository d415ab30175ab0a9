import { describe, expect, test } from 'vitest';
import { laneRules } from './lane-rules.ts';
import type { HostPolicy } from './options.ts';
import { perHour, perMinute, perSecond } from './rate.ts';
import { strategies } from './strategies.ts';

describe('a policy that says nothing', () => {
  test('gets the defaults that the options document', () => {
    const { retry, ...rules } = laneRules({});
    expect(rules).toEqual({
      rates: [],
      maxCost: Number.POSITIVE_INFINITY,
      concurrency: Number.POSITIVE_INFINITY,
      queue: { maxLength: 10_000, maxWaitMs: 60_000, onFull: 'reject-new', order: 'fifo', targetWaitMs: 1_000 },
      budget: undefined,
      pace: { minPerSecond: 0.25 },
      hints: { maxRetryAfterMs: 60_000, rateLimitHeaders: true },
      breaker: undefined,
      hedge: undefined,
      attemptMs: Number.POSITIVE_INFINITY,
      totalMs: Number.POSITIVE_INFINITY,
    });
    expect(retry?.maxRetries).toBe(3);
    expect([...(retry?.methods ?? [])]).toEqual(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY']);
    expect([...(retry?.statuses ?? [])]).toEqual([408, 425, 429, 500, 502, 503, 504]);
    expect(retry?.when).toBeUndefined();
  });

  test('has a budget only where the pace is off, or where it asks for one', () => {
    const budget = { ratio: 0.2, minPerSecond: 1, windowMs: 10_000 };
    expect(laneRules({ pace: false }).budget).toEqual(budget);
    expect(laneRules({ budget: {} }).budget).toEqual(budget);
    expect(laneRules({ budget: { ratio: 0.5 } }).budget).toEqual({ ...budget, ratio: 0.5 });
    expect(laneRules({ pace: false, budget: false }).budget).toBeUndefined();
    expect(laneRules({ pace: false }).pace).toBeUndefined();
  });

  test('backs off by anything up to 100, 200, 400 ms and never over 20 s', () => {
    const backoff = laneRules({}).retry?.backoff;
    const longest = (retry: number): number | undefined =>
      backoff?.delayMs({ retry, previousMs: 0, badness: 0, random: () => 1 });
    expect([0, 1, 2, 9].map(longest)).toEqual([100, 200, 400, 20_000]);
    expect(backoff?.delayMs({ retry: 9, previousMs: 0, badness: 0, random: () => 0 })).toBe(0);
  });
});

test('a breaker that says nothing gets the defaults that its options document', () => {
  expect(laneRules({ breaker: false }).breaker).toBeUndefined();
  const { statuses, ...rules } = laneRules({ breaker: {} }).breaker ?? {};
  expect(rules).toEqual({
    consecutiveFailures: 5,
    failureRatio: 0.5,
    windowMs: 30_000,
    minAttempts: 100,
    openMs: 5_000,
    maxOpenMs: 60_000,
    probes: 1,
    whileOpen: 'refuse',
  });
  expect([499, 500, 599, 600].map((status) => statuses?.has(status))).toEqual([false, true, true, false]);
  expect(laneRules({ breaker: { openMs: 90_000 } }).breaker?.maxOpenMs).toBe(90_000);
});

test('hedging that says nothing gets the defaults that its options document, and the methods that may be tried again', () => {
  expect(laneRules({ hedge: false }).hedge).toBeUndefined();
  const { methods, ...rules } = laneRules({ hedge: {} }).hedge ?? {};
  expect(rules).toEqual({ afterMs: undefined, quantile: 0.95, minSamples: 100, ratio: 0.05 });
  expect(methods).toEqual(laneRules({}).retry?.methods);
  expect(laneRules({ hedge: {}, retry: { methods: ['get'] } }).hedge?.methods).toEqual(new Set(['GET']));
  expect(laneRules({ hedge: {}, retry: false }).hedge?.methods).toEqual(methods);
});

describe('rules', () => {
  test.each<[HostPolicy, number, string]>([
    [{ rate: perSecond(10) }, 10, "one second's worth"],
    [{ rate: perMinute(600) }, 10, "one second's worth of a minute"],
    [{ rate: perSecond(1001) }, 1001, 'exactly'],
    [{ rate: perHour(60) }, 1, 'at least 1'],
    [{ rate: perSecond(10), burst: 3 }, 3, "the policy's own"],
    [{ rate: perSecond(10, { burst: 5 }), burst: 3 }, 5, "the rate's own before the policy's"],
  ])('of %o give a bucket of %d: %s', (policy, burst) => {
    expect(laneRules(policy).rates[0]?.burst).toBe(burst);
  });

  test('of several rates bound a cost by the smallest bucket', () => {
    const rules = laneRules({ rate: [perSecond(10), perMinute(60, { burst: 4 })] });
    expect(rules.rates).toEqual([
      { tokensPerMs: 0.01, burst: 10 },
      { tokensPerMs: 0.001, burst: 4 },
    ]);
    expect(rules.maxCost).toBe(4);
  });

  test('of an infinite rate limit nothing', () => {
    const rules = laneRules({ rate: [perSecond(Number.POSITIVE_INFINITY, { burst: 5 })], burst: 5 });
    expect(rules.rates).toEqual([]);
    expect(rules.maxCost).toBe(Number.POSITIVE_INFINITY);
  });

  test('of a group that is off have none', () => {
    const rules = laneRules({ retry: false, budget: false, hints: false });
    expect([rules.retry, rules.budget, rules.hints]).toEqual([undefined, undefined, undefined]);
  });

  test('know methods in upper case', () => {
    const { retry } = laneRules({ retry: { methods: ['get', 'Post'], statuses: [503] } });
    expect([...(retry?.methods ?? [])]).toEqual(['GET', 'POST']);
    expect([...(retry?.statuses ?? [])]).toEqual([503]);
  });

  test('cannot be changed', () => {
    const rules = laneRules({ rate: perSecond(1), timeouts: { attemptMs: 5, totalMs: 9 } });
    const parts = [rules, rules.rates, rules.rates[0], rules.queue, rules.retry, rules.budget, rules.hints];
    expect(parts.every(Object.isFrozen)).toBe(true);
    expect([rules.attemptMs, rules.totalMs]).toEqual([5, 9]);
  });
});

describe('the strategies', () => {
  const waits = (policy: HostPolicy, dice: number): (number | undefined)[] => {
    const retry = laneRules(policy).retry;
    return [0, 1, 2].map((step) =>
      retry?.backoff.delayMs({ retry: step, previousMs: 0, badness: 0, random: () => dice }),
    );
  };

  test('step by step wait not at all, exactly, up to, and up to', () => {
    expect(waits(strategies.simple, 0.5)).toEqual([0, 0, 0]);
    expect(waits(strategies.exponential, 0.5)).toEqual([100, 200, 400]);
    expect(waits(strategies.jittered, 0.5)).toEqual([50, 100, 200]);
    expect(waits(strategies.paced, 0.5)).toEqual([50, 100, 200]);
  });

  test('before the last have neither budget nor hints nor limits', () => {
    for (const policy of [strategies.simple, strategies.exponential, strategies.jittered]) {
      expect(laneRules(policy)).toMatchObject({ rates: [], budget: undefined, hints: undefined });
      expect(laneRules(policy).retry?.maxRetries).toBe(3);
    }
  });

  test('end in the defaults', () => {
    const plain = (policy: HostPolicy): unknown => JSON.parse(JSON.stringify(laneRules(policy)));
    expect(plain(strategies.paced)).toEqual(plain({}));
  });

  test('can be told from each other by configure, for each sets what the others set', () => {
    const [first, ...others] = Object.values(strategies).map((policy) => Object.keys(policy).sort());
    for (const other of others) expect(other).toEqual(first);
  });
});
