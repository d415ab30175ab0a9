import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { immediate } from '../retry/backoff.ts';
import { mergePolicy } from './merge.ts';
import type { HostPolicy, RetryPolicy } from './options.ts';

describe('a policy laid on another', () => {
  test('fills a group field by field', () => {
    const base: HostPolicy = { queue: { maxLength: 5, maxWaitMs: 10 }, hints: { rateLimitHeaders: false } };
    expect(mergePolicy(base, { queue: { maxWaitMs: 20 }, timeouts: { totalMs: 1 } })).toEqual({
      queue: { maxLength: 5, maxWaitMs: 20 },
      hints: { rateLimitHeaders: false },
      timeouts: { totalMs: 1 },
    });
  });

  test('replaces everything else, lists included', () => {
    const base: HostPolicy = { rate: [{ limit: 1, perMs: 1, burst: 3 }], burst: 5, retry: { methods: ['GET', 'PUT'] } };
    const over: HostPolicy = { rate: { limit: 2, perMs: 1 }, retry: { methods: ['POST'] } };
    expect(mergePolicy(base, over)).toEqual({ rate: { limit: 2, perMs: 1 }, burst: 5, retry: { methods: ['POST'] } });
  });

  test('turns a group off by false', () => {
    expect(mergePolicy({ retry: { maxRetries: 1 } }, { retry: false })).toEqual({ retry: false });
  });

  test('turns a group on again from the defaults', () => {
    expect(mergePolicy({ retry: false }, { retry: { maxRetries: 1 } })).toEqual({ retry: { maxRetries: 1 } });
    expect(mergePolicy({ budget: false }, { budget: {} })).toEqual({ budget: {} });
  });

  test('leaves alone what it has as undefined', () => {
    const unset = { burst: undefined, retry: { maxRetries: undefined }, hints: undefined } as unknown as HostPolicy;
    const base: HostPolicy = { burst: 5, retry: { maxRetries: 1 }, hints: false };
    expect(mergePolicy(base, unset)).toStrictEqual(base);
  });

  test('is copied, so that changing it later changes nothing', () => {
    const rate = { limit: 1, perMs: 1 };
    const methods = ['GET'];
    const merged = mergePolicy({}, { rate: [rate], retry: { methods } });
    rate.limit = 99;
    methods.push('POST');
    expect(merged).toEqual({ rate: [{ limit: 1, perMs: 1 }], retry: { methods: ['GET'] } });
  });

  test('is frozen through and through', () => {
    const merged = mergePolicy(mergePolicy({}, { retry: { maxRetries: 1 } }), {
      rate: [{ limit: 1, perMs: 1 }],
      retry: { methods: ['GET'] },
    });
    const retry = merged.retry || {};
    for (const part of [merged, merged.rate, retry, retry.methods]) expect(Object.isFrozen(part)).toBe(true);
  });

  test("keeps a user's own backoff and functions as they are", () => {
    const when = (): boolean => true;
    const retry: RetryPolicy = mergePolicy({}, { retry: { backoff: immediate, when } }).retry || {};
    expect(retry.backoff).toBe(immediate);
    expect(retry.when).toBe(when);
  });

  test('on nothing is itself, and laid on twice changes nothing more', () => {
    fc.assert(
      fc.property(policies, policies, (base, over) => {
        expect(mergePolicy({}, over)).toEqual(over);
        const once = mergePolicy(base, over);
        expect(mergePolicy(once, over)).toEqual(once);
      }),
    );
  });
});

const group = { requiredKeys: [] as [] };
const policies: fc.Arbitrary<HostPolicy> = fc.record(
  {
    burst: fc.nat(),
    queue: fc.record({ maxLength: fc.nat(), maxWaitMs: fc.nat() }, group),
    retry: fc.oneof(fc.constant(false as const), fc.record({ maxRetries: fc.nat() }, group)),
    budget: fc.oneof(fc.constant(false as const), fc.record({ ratio: fc.nat(), windowMs: fc.nat() }, group)),
  },
  group,
);
