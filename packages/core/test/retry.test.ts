import {
  constant,
  exponential,
  immediate,
  linear,
  type RetryReason,
  type StopReason,
  settlementOf,
} from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { endings, eventsOf, expectAnswered, expectAtRest, expectFailedWith, expectSentAt } from './expect.ts';
import { type CallFields, type Step, type World, worldOf } from './world.ts';

const now = { defaults: { retry: { backoff: immediate } } };
const lost: Step = { error: new TypeError('fetch failed'), sent: 'maybe' };
const unsent: Step = { error: new TypeError('connect ECONNREFUSED'), sent: 'never' };

const reasons = (world: World): RetryReason[] => eventsOf(world.events, 'retry').map((event) => event.reason);

describe('R8: what is tried again', () => {
  test.each<[string, Step, CallFields, RetryReason]>([
    ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'].map(
      (method): [string, Step, CallFields, RetryReason] => [`a lost ${method}`, lost, { method }, 'network'],
    ),
    ...[408, 425, 500, 502, 503, 504].map((status): [string, Step, CallFields, RetryReason] => [
      `a ${status} on GET`,
      status,
      {},
      'status',
    ]),
    ['a 429 on GET', 429, {}, 'throttled'],
    ['a 429 on POST', 429, { method: 'POST' }, 'throttled'],
    ['a POST that was never sent', unsent, { method: 'POST' }, 'never-sent'],
    ['a one-shot body that was never sent', unsent, { method: 'POST', replayable: false }, 'never-sent'],
    ['a POST with an Idempotency-Key', 503, { method: 'POST', idempotencyKey: 'k1' }, 'status'],
    ['a lost POST with an Idempotency-Key', lost, { method: 'POST', idempotencyKey: 'k1' }, 'network'],
    ['a POST whose caller vouches for it', lost, { method: 'POST', options: { idempotent: true } }, 'network'],
  ])('%s', async (_what, step, fields, reason) => {
    const world = worldOf(now);
    const call = world.call([step, 200], fields);
    await world.clock.settle();
    expectAnswered(call);
    expect(reasons(world)).toEqual([reason]);
    await expectAtRest(world);
  });

  test.each<[string, Step, CallFields, StopReason]>([
    ...[200, 204, 301, 304, 400, 401, 403, 404, 409, 413, 501, 505].map(
      (status): [string, Step, CallFields, StopReason] => [`a ${status}`, status, {}, 'done'],
    ),
    ['an opaque answer of status 0', 0, {}, 'done'],
    ['a 503 on POST', 503, { method: 'POST' }, 'not-idempotent'],
    ['a lost POST', lost, { method: 'POST' }, 'not-idempotent'],
    ['a lost PATCH', lost, { method: 'PATCH' }, 'not-idempotent'],
    ['a GET whose caller denies it', 503, { options: { idempotent: false } }, 'not-idempotent'],
    ['a one-shot body that was answered', 503, { method: 'PUT', replayable: false }, 'not-replayable'],
    ['a one-shot body that got a 429', 429, { method: 'POST', replayable: false }, 'not-replayable'],
    ['a one-shot body that was lost', lost, { method: 'PUT', replayable: false }, 'not-replayable'],
    ["the caller's own mistake", { error: new TypeError('bad init'), final: true }, {}, 'not-retryable'],
  ])('but not %s', async (_what, step, fields, reason) => {
    const world = worldOf(now);
    const call = world.call([step, 200], fields);
    await world.clock.settle();
    expectSentAt(call, [0]);
    expect(endings(world)).toEqual([reason]);
    await expectAtRest(world);
  });

  test('the error says why a body was not sent again (T16)', async () => {
    const world = worldOf(now);
    const error = new TypeError('socket hang up');
    const call = world.call({ error }, { method: 'PUT', replayable: false });
    await world.clock.settle();
    expectFailedWith(call, error);
    expect(settlementOf(error)).toEqual({ reason: 'not-replayable', host: 'api.test', attempts: 1 });
    expect(Object.keys(error)).toEqual([]);
    expect(JSON.stringify(error)).toBe('{}');
  });

  test('no more often than maxRetries; the call may say otherwise, and Infinity leaves it to the other bounds', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate, maxRetries: 2 }, budget: { minPerSecond: 2 } } });
    const [own, none, endless] = [undefined, 0, Number.POSITIVE_INFINITY].map((maxRetries) =>
      world.call(503, maxRetries === undefined ? {} : { options: { maxRetries } }),
    );
    await world.clock.settle();
    expect([own?.sentAt.length, none?.sentAt.length]).toEqual([3, 1]);
    expect(endless?.sentAt.length).toBeGreaterThan(10);
    expect(endings(world).sort()).toEqual(['budget-exhausted', 'retries-exhausted', 'retries-exhausted']);
  });

  test('with `retry: false` every call is sent once', async () => {
    const world = worldOf({ defaults: { retry: false } });
    const calls = [503, 429, lost, unsent].map((step) => world.call([step, 200]));
    await world.clock.settle();
    for (const call of calls) expectSentAt(call, [0]);
    expect(endings(world).sort()).toEqual(['done', 'done', 'not-retryable', 'not-retryable']);
  });

  test("the policy's methods and statuses replace the built-in ones", async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate, methods: ['post'], statuses: [418] } } });
    const teapot = world.call([418, 200], { method: 'POST' });
    const plain = world.call([503, 200], { method: 'POST' });
    const get = world.call([418, 200]);
    await world.clock.settle();
    expect([teapot, plain, get].map((call) => call.sentAt.length)).toEqual([2, 1, 1]);
  });

  test("a client's own retry options win over the policy", async () => {
    const world = worldOf(now);
    const teapot = world.call([418, 418, 200], {
      method: 'POST',
      retry: { statuses: [418], methods: ['POST'], maxRetries: 1 },
    });
    const plain = world.call([503, 200], { retry: { statuses: [418] } });
    await world.clock.settle();
    expect([teapot, plain].map((call) => call.sentAt.length)).toEqual([2, 1]);
  });

  test('an error of any shape, none included, is as good as another (T36)', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate, maxRetries: 0 } } });
    for (const error of ['text', 42, null, undefined, Object.freeze(new Error('frozen')), Symbol('s')]) {
      const call = world.call({ error });
      await world.clock.settle();
      expectFailedWith(call, error);
    }
    await expectAtRest(world);
  });
});

describe('`when`', () => {
  const policyWith = (when: () => boolean | undefined) => ({ defaults: { retry: { backoff: immediate, when } } });

  test('says no to what the built-in rule would try again', async () => {
    const world = worldOf(policyWith(() => false));
    expectSentAt(world.call([503, 200]), [0]);
    await world.clock.settle();
    expect(endings(world)).toEqual(['when']);
  });

  test('says yes to what it would not, within the bounds', async () => {
    const world = worldOf(policyWith(() => true));
    const post = world.call(404, { method: 'POST' });
    const oneShot = world.call(404, { method: 'POST', replayable: false });
    await world.clock.settle();
    expect([post, oneShot].map((call) => call.sentAt.length)).toEqual([4, 1]);
    expect(reasons(world)).toEqual(['when', 'when', 'when']);
    expect(endings(world).sort()).toEqual(['not-replayable', 'retries-exhausted']);
  });

  test('leaves it to the built-in rule with undefined', async () => {
    const world = worldOf(policyWith(() => undefined));
    const calls = [world.call([503, 200]), world.call([404, 200])];
    await world.clock.settle();
    expect(calls.map((call) => call.sentAt.length)).toEqual([2, 1]);
  });

  test('knows the outcome and the call', async () => {
    const seen: unknown[] = [];
    const world = worldOf({
      defaults: {
        retry: {
          backoff: immediate,
          when: (outcome, call) => {
            seen.push({ ...outcome, header: outcome.header('server'), ...call });
            return undefined;
          },
        },
      },
    });
    world.call([{ status: 503, headers: { 'retry-after': '0', server: 'nginx' } }, lost, 200], { name: 'x?secret=1' });
    await world.clock.settle();
    const call = {
      url: 'https://api.test/x?secret=1',
      method: 'GET',
      host: 'api.test',
      replayable: true,
      idempotent: true,
    };
    expect(seen).toEqual([
      {
        ...call,
        attempts: 1,
        kind: 'answered',
        status: 503,
        error: undefined,
        timedOut: false,
        retryAfterMs: 0,
        header: 'nginx',
      },
      {
        ...call,
        attempts: 2,
        kind: 'failed',
        status: undefined,
        error: lost.error,
        timedOut: false,
        retryAfterMs: undefined,
        header: undefined,
      },
      {
        ...call,
        attempts: 3,
        kind: 'answered',
        status: 200,
        error: undefined,
        timedOut: false,
        retryAfterMs: undefined,
        header: undefined,
      },
    ]);
  });

  test("of the client is asked before the policy's", async () => {
    const world = worldOf(policyWith(() => true));
    const call = world.call(404, { retry: { when: () => false } });
    await world.clock.settle();
    expectSentAt(call, [0]);
  });

  test('is not asked about a mistake of the caller', async () => {
    const world = worldOf(policyWith(() => true));
    const call = world.call({ error: new TypeError('bad init'), final: true });
    await world.clock.settle();
    expectSentAt(call, [0]);
  });
});

describe('backoff', () => {
  test.each([
    ['constant', constant(100), [0, 100, 200, 300]],
    ['linear', linear({ baseMs: 100 }), [0, 100, 300, 600]],
    ['exponential', exponential({ baseMs: 100, jitter: 'none' }), [0, 100, 300, 700]],
    ['capped', exponential({ baseMs: 100, capMs: 150, jitter: 'none' }), [0, 100, 250, 400]],
    ['immediate', immediate, [0, 0, 0, 0]],
  ])('%s', async (_kind, backoff, times) => {
    const world = worldOf({ defaults: { retry: { backoff } } });
    const call = world.call(503);
    await world.clock.advance(2000);
    // The waits from 128 ms on may be late by a 64th.
    for (const [index, at] of times.entries()) {
      expect(call.sentAt[index]).toBeGreaterThanOrEqual(at);
      expect(call.sentAt[index]).toBeLessThanOrEqual(at + at / 64 + index);
    }
    expect(eventsOf(world.events, 'retry').map((event) => event.delayMs)).toEqual(
      times.slice(1).map((at, index) => at - (times[index] ?? 0)),
    );
  });

  test('with full jitter is anything up to the plain wait', async () => {
    for (const dice of [0, 0.25, 0.999]) {
      const world = worldOf({ random: () => dice });
      world.call(503);
      await world.clock.advance(2000);
      expect(eventsOf(world.events, 'retry').map((event) => event.delayMs)).toEqual(
        [100, 200, 400].map((ms) => ms * dice),
      );
    }
  });

  test('of the own making may be nonsense: it is at least 0', async () => {
    for (const nonsense of [-5, Number.NaN, Number.NEGATIVE_INFINITY]) {
      const world = worldOf({ defaults: { retry: { backoff: { delayMs: () => nonsense } } } });
      const call = world.call([503, 200]);
      await world.clock.settle();
      expectSentAt(call, [0, 0]);
    }
  });

  test('may be bounded by the client', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(1000) } } });
    const call = world.call([503, 200], { retry: { maxBackoffMs: 100 } });
    await world.clock.advance(1000);
    expectSentAt(call, [0, 100]);
  });
});

describe('R9: the caller gets what the transport gave', () => {
  test('the very answer of the last attempt, its value untouched', async () => {
    const world = worldOf(now);
    const answers = [503, 503, 200].map((status) => ({
      kind: 'answered' as const,
      status,
      value: Object.freeze({ status }),
      header: () => null,
      discard: () => {},
    }));
    const outcome = await world.pace.run({
      url: 'https://api.test/',
      method: 'GET',
      replayable: true,
      send: async ({ number }) => answers[number - 1]!,
    });
    expect(outcome).toBe(answers[2]);
  });

  test('the very error of the last attempt, of whatever class', async () => {
    class AxiosLikeError extends Error {}
    const world = worldOf(now);
    const errors = Array.from({ length: 4 }, (_, index) => new AxiosLikeError(String(index)));
    const call = world.call(errors.map((error) => ({ error })));
    await world.clock.settle();
    expectFailedWith(call, errors[3]);
    expect(settlementOf(errors[3])).toEqual({ reason: 'retries-exhausted', host: 'api.test', attempts: 4 });
  });

  test('a result of its own: calls that run together share nothing (T13)', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: immediate } } });
    const calls = Array.from({ length: 5 }, () => world.call([503, { status: 200, afterMs: 1 }]));
    await world.clock.advance(100);
    for (const call of calls) expectAnswered(call);
  });

  test('`run` never rejects', async () => {
    const world = worldOf({ defaults: { retry: false } });
    const call = { url: 'https://api.test/', method: 'GET', replayable: true };
    const boom = new Error('boom');
    const throwing = (): never => {
      throw boom;
    };
    await expect(world.pace.run({ ...call, send: throwing })).resolves.toMatchObject({ error: boom, sent: 'maybe' });
    await expect(world.pace.run({ ...call, send: async () => throwing() })).resolves.toMatchObject({ error: boom });
    const { signal } = new AbortController();
    await expect(world.pace.run({ ...call, signal, send: throwing })).resolves.toMatchObject({ error: boom });
    await expect(world.pace.run({ ...call, url: 'nonsense', send: throwing })).resolves.toMatchObject({
      sent: 'never',
    });
    await expectAtRest(world);
  });
});

describe('R10: a response that is dropped for a retry is freed', () => {
  test('each one exactly once, the one that the caller gets never (T15)', async () => {
    const world = worldOf(now);
    const good = world.call([503, 502, 200]);
    const bad = world.call(503);
    await world.clock.settle();
    expect(good.discarded).toEqual([1, 2]);
    expect(bad.discarded).toEqual([1, 2, 3]);
  });

  test('before the backoff, so that its connection is free in the meantime (T14)', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(1000) } } });
    const call = world.call([503, 200]);
    await world.clock.settle();
    expect(call.discarded).toEqual([1]);
    expect(world.lane().backingOff).toBe(1);
  });

  test('and a `discard` that throws harms nobody', async () => {
    const world = worldOf(now);
    const discard = (): never => {
      throw new Error('broken adapter');
    };
    const outcome = world.pace.run({
      url: 'https://api.test/',
      method: 'GET',
      replayable: true,
      send: async ({ number }) => ({
        kind: 'answered',
        status: number === 1 ? 503 : 200,
        value: 1,
        header: () => null,
        discard,
      }),
    });
    expect(await outcome).toMatchObject({ status: 200 });
    await expectAtRest(world);
  });
});
