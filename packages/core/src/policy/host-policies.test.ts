import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostPolicies } from './host-policies.ts';
import { perSecond } from './rate.ts';

/** Each pattern has its place in the list for its `burst`, told from the lane's concurrency. */
function winner(key: string, ...patterns: string[]): string | undefined {
  const hosts = Object.fromEntries(patterns.map((pattern, index) => [pattern, { concurrency: index + 1 }]));
  const { concurrency } = new HostPolicies({ hosts }).rulesFor(key);
  return patterns[concurrency - 1];
}

describe('the policy of a lane', () => {
  const LADDER = ['a.b.c:81', 'a.b.c', '*.b.c', '*.c', '*'];

  test('is that of the best match, exact before wildcard and longer before shorter', () => {
    for (let best = 0; best < LADDER.length; best++) {
      const patterns = LADDER.slice(best);
      expect(winner('a.b.c:81', ...patterns)).toBe(patterns[0]);
      expect(winner('a.b.c:81', ...patterns.toReversed())).toBe(patterns[0]);
    }
  });

  test.each([
    ['api.x', 'api.x:8443', undefined],
    ['api.x:8443', 'api.x', 'api.x'],
    ['API.X', 'api.x', 'api.x'],
    ['api.x', 'API.X', 'API.X'],
    ['example.com', '*.example.com', undefined],
    ['deep.er.example.com', '*.example.com', '*.example.com'],
    ['notexample.com', '*.example.com', undefined],
    ['[::1]:8080', '[::1]', '[::1]'],
    ['a tenant of mine', '*', '*'],
  ])('%s against %s is of %s', (key, pattern, expected) => {
    expect(winner(key, pattern)).toBe(expected);
  });

  test('takes what it leaves unset from the defaults, not from other matches', () => {
    const policies = new HostPolicies({
      defaults: { queue: { maxLength: 7 }, budget: false },
      hosts: { '*': { concurrency: 1 }, 'api.x': { queue: { maxWaitMs: 5 } } },
    });
    expect(policies.rulesFor('api.x')).toMatchObject({
      concurrency: Number.POSITIVE_INFINITY,
      queue: { maxLength: 7, maxWaitMs: 5 },
      budget: undefined,
    });
  });

  test('is one object for all lanes that match it', () => {
    const policies = new HostPolicies({ hosts: { '*.x': { burst: 2 } } });
    expect(policies.rulesFor('a.x')).toBe(policies.rulesFor('b.x:81'));
    expect(policies.rulesFor('a.y')).toBe(policies.rulesFor('b.y'));
    expect(policies.rulesFor('a.x')).not.toBe(policies.rulesFor('a.y'));
  });

  test('is found for any key', () => {
    const policies = new HostPolicies({ hosts: { '*.x': {}, '*': {} } });
    fc.assert(fc.property(fc.string(), (key) => Object.isFrozen(policies.rulesFor(key))));
  });

  test('does not follow the object it was read from', () => {
    const retry = { statuses: [503] };
    const policies = new HostPolicies({ hosts: { 'api.x': { retry } } });
    retry.statuses.push(1000);
    expect([...(policies.rulesFor('api.x').retry?.statuses ?? [])]).toEqual([503]);
  });
});

test('a policy is told with what is built in, and as the same object until a patch', () => {
  const policies = new HostPolicies({ defaults: { concurrency: 4 }, hosts: { '*.x': { retry: { maxRetries: 1 } } } });
  const before = policies.policyFor('a.x');
  expect(before).toMatchObject({
    concurrency: 4,
    retry: { maxRetries: 1, statuses: [408, 425, 429, 500, 502, 503, 504] },
  });
  expect(policies.policyFor('b.x')).toBe(before);
  expect(policies.policyFor('a.y')).toMatchObject({
    concurrency: 4,
    retry: { maxRetries: 3 },
    budget: false,
    pace: { minPerSecond: 0.25 },
  });
  policies.patch({ hosts: { 'a.z': { pace: false } } });
  expect(policies.policyFor('a.z')).toMatchObject({ budget: { ratio: 0.2 }, pace: false });
  policies.patch({ hosts: { 'a.x': { concurrency: 5 } } });
  expect(policies.policyFor('a.x')).toMatchObject({ concurrency: 5, retry: { maxRetries: 3 } });
  expect(policies.policyFor('b.x')).toEqual(before);
});

describe('a patch', () => {
  test('reaches every lane it matches, and keeps what it does not name', () => {
    const policies = new HostPolicies({ hosts: { 'api.x': { concurrency: 2, queue: { maxLength: 1 } } } });
    expect(policies.rulesFor('api.x').queue.maxWaitMs).toBe(60_000);
    policies.patch({ defaults: { concurrency: 9, budget: false }, hosts: { 'API.x': { queue: { maxWaitMs: 5 } } } });
    expect(policies.rulesFor('api.x')).toMatchObject({
      concurrency: 2,
      queue: { maxLength: 1, maxWaitMs: 5 },
      budget: undefined,
    });
    expect(policies.rulesFor('other')).toMatchObject({ concurrency: 9, budget: undefined });
  });

  test('brings new hosts', () => {
    const policies = new HostPolicies({});
    const before = policies.rulesFor('api.x');
    policies.patch({ hosts: { '*.x': { rate: perSecond(5) } } });
    expect(before.rates).toEqual([]);
    expect(policies.rulesFor('api.x').rates).toHaveLength(1);
  });

  test('lifts a rate by an infinite one', () => {
    const policies = new HostPolicies({ defaults: { rate: perSecond(5) } });
    policies.patch({ hosts: { localhost: { rate: perSecond(Number.POSITIVE_INFINITY) } } });
    expect(policies.rulesFor('localhost').rates).toEqual([]);
    expect(policies.rulesFor('api.x').rates).toHaveLength(1);
  });

  test('that is wrong anywhere changes nothing anywhere', () => {
    const policies = new HostPolicies({ defaults: { concurrency: 1 } });
    const before = policies.rulesFor('api.x');
    const patch = { defaults: { concurrency: 2 }, hosts: { good: { concurrency: 3 }, 'api.x': { concurrency: 0 } } };
    expect(() => policies.patch(patch)).toThrow(
      new RangeError("hosts['api.x'].concurrency: expected a whole number from 1, or Infinity, got 0"),
    );
    expect(policies.rulesFor('api.x')).toBe(before);
    expect(policies.rulesFor('good')).toBe(before);
  });
});
