import { settlementOf } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { endings, eventsOf, expectAnswered, expectAtRest, expectFailedWith, expectRefused } from './expect.ts';
import { HOST, hang, type Sent, worldOf } from './world.ts';

const cached = Object.freeze({ from: 'cache' });

function expectValue(call: Sent, value: unknown): void {
  expect(call.outcome?.kind === 'answered' && call.outcome.value).toBe(value);
}

describe('a fallback gives the caller its value', () => {
  test('where Paceline refuses the call', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 0 } } });
    world.call(hang);
    const refused = world.call(200, { options: { fallback: ({ error, reason }) => [error, reason] } });
    await world.clock.settle();
    expect(refused.outcome).toMatchObject({
      kind: 'answered',
      value: [expect.objectContaining({ code: 'QUEUE_FULL', host: HOST }), 'refused'],
    });
  });

  test('where the last attempt failed', async () => {
    const error = new Error('reset');
    const world = worldOf({ defaults: { retry: { maxRetries: 1 } } });
    const call = world.call({ error }, { options: { fallback: (given) => given } });
    await world.clock.advance(1_000);
    expect(call.outcome).toMatchObject({
      kind: 'answered',
      value: { kind: 'failed', status: undefined, error, reason: 'retries-exhausted' },
    });
    await expectAtRest(world);
  });

  test('where the last answer asked for another attempt, and frees that answer', async () => {
    const world = worldOf({ defaults: { retry: { maxRetries: 0 }, hints: false } });
    const script = { status: 503, headers: { 'retry-after': '7' } };
    const call = world.call(script, {
      options: {
        fallback: ({ status, retryAfterMs, header }, { attempts }) => [
          status,
          retryAfterMs,
          header('retry-after'),
          attempts,
        ],
      },
    });
    await world.clock.settle();
    expectValueLike(call, [503, 7_000, '7', 1]);
    expect(call.discarded).toEqual([1]);
  });

  test('when it has it, however long that takes', async () => {
    const world = worldOf({ defaults: { retry: false } });
    const later = new Promise((resolve) => world.clock.setTimer(() => resolve(cached), 5_000));
    const call = world.call({ error: 'reset' }, { options: { fallback: () => later } });
    await world.clock.advance(4_999);
    expect(call.outcome).toBeUndefined();
    expect(world.lane().inFlight).toBe(0);
    await world.clock.advance(1);
    expectValue(call, cached);
  });
});

describe('a fallback is not asked', () => {
  const asked: unknown[] = [];
  const options = { fallback: (given: unknown) => asked.push(given) };

  test('for an answer that wants no retry', async () => {
    const world = worldOf();
    const calls = [world.call(200, { options }), world.call(404, { options })];
    await world.clock.settle();
    expectAnswered(calls[0]!);
    expectAnswered(calls[1]!, 404);
    expect(asked).toEqual([]);
  });

  test('after an abort', async () => {
    const world = worldOf();
    const controller = new AbortController();
    const call = world.call(hang, { options, signal: controller.signal });
    await world.clock.settle();
    controller.abort('enough');
    await world.clock.settle();
    expectFailedWith(call, 'enough');
    expect(asked).toEqual([]);
  });

  test("for the caller's own mistake", async () => {
    const world = worldOf({ defaults: { rate: { limit: 1, perMs: 1_000 }, burst: 1 } });
    const error = new TypeError('body used already');
    const used = world.call({ error, final: true }, { options });
    const dear = world.call(200, { options: { ...options, cost: 2 } });
    await world.clock.settle();
    expectFailedWith(used, error);
    expect(dear.outcome).toMatchObject({ kind: 'failed', error: expect.any(RangeError) });
    expect(asked).toEqual([]);
  });
});

describe('without a value the caller gets what there is', () => {
  test('the last answer, untouched', async () => {
    const world = worldOf({ defaults: { retry: { maxRetries: 0 } } });
    const call = world.call(503, { options: { fallback: () => undefined } });
    await world.clock.settle();
    expectAnswered(call, 503);
    expect(call.discarded).toEqual([]);
    expect(world.lane().counters.fallbacks).toBe(0);
    expect(eventsOf(world.events, 'fallback')).toEqual([]);
  });

  test("Paceline's refusal", async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 0 } } });
    world.call(hang);
    const call = world.call(200, { options: { fallback: async () => undefined } });
    await world.clock.settle();
    expectRefused(call, 'QUEUE_FULL');
  });
});

test('a fallback that throws or rejects fails the call with that error', async () => {
  const world = worldOf({ defaults: { retry: { maxRetries: 0 } } });
  const error = new Error('no cache');
  const throws = world.call(503, { options: { fallback: () => Promise.reject(error) } });
  const rejects = world.call(503, {
    options: {
      fallback() {
        throw error;
      },
    },
  });
  await world.clock.settle();
  for (const call of [throws, rejects]) {
    expectFailedWith(call, error);
    expect(call.discarded).toEqual([1]);
  }
});

test('an abort ends the wait for a fallback at once', async () => {
  const world = worldOf({ defaults: { retry: { maxRetries: 0 } } });
  const controller = new AbortController();
  const { signal } = controller;
  const call = world.call(503, { signal, options: { fallback: () => new Promise(() => {}) } });
  await world.clock.settle();
  controller.abort('enough');
  await world.clock.settle();
  expectFailedWith(call, 'enough');
});

test('a fallback is recorded', async () => {
  const world = worldOf({ defaults: { retry: { maxRetries: 0 } } });
  const value = { from: 'cache' };
  world.call(503, { options: { fallback: () => value } });
  await world.clock.settle();
  expect(endings(world)).toEqual(['retries-exhausted']);
  expect(eventsOf(world.events, 'fallback')).toEqual([
    { type: 'fallback', at: 0, host: HOST, call: 1, reason: 'retries-exhausted' },
  ]);
  expect(world.lane().counters.fallbacks).toBe(1);
  expect(settlementOf(value)).toEqual({ reason: 'retries-exhausted', host: HOST, attempts: 1, fallback: true });
});

function expectValueLike(call: Sent, value: unknown): void {
  expect(call.outcome).toMatchObject({ kind: 'answered', value });
}
