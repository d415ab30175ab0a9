import { constant, immediate, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { endings, eventsOf, expectAnswered, expectAtRest, expectFailedWith, expectSentAt } from './expect.ts';
import { type World, worldOf } from './world.ts';

const retriesOf = (world: World): number => world.departures.length - world.calls.length;

describe('R6: the retry budget', () => {
  test('first attempts earn, retries pay, and who finds nothing settles with the answer it has', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate }, budget: { ratio: 0.5, minPerSecond: 0 } } });
    const calls = Array.from({ length: 10 }, () => world.call(503));
    await world.clock.settle();
    expect(retriesOf(world)).toBe(5);
    for (const call of calls) {
      expectAnswered(call, 503);
      expect(call.discarded).not.toContain(call.sentAt.length);
    }
    expect(endings(world)).toEqual(Array.from({ length: 10 }, () => 'budget-exhausted'));
    expect(world.lane().counters.unpaid).toBe(10);
    await expectAtRest(world);
  });

  test('has a floor, so that a quiet host may retry', async () => {
    const world = worldOf({
      defaults: { retry: { backoff: immediate }, budget: { ratio: 0, minPerSecond: 0.2, windowMs: 10_000 } },
    });
    const call = world.call([503, 503, 503, 200]);
    await world.clock.settle();
    expectAnswered(call, 503);
    expectSentAt(call, [0, 0, 0]);
  });

  test('of default size lets 100 failing calls retry 30 times, not 300', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate } } });
    for (let index = 0; index < 100; index += 1) world.call(503);
    await world.clock.settle();
    expect(retriesOf(world)).toBe(30);
  });

  test('gets one deposit a call, not one an attempt (T22)', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate }, budget: { ratio: 1, minPerSecond: 0 } } });
    const call = world.call(503);
    await world.clock.settle();
    expectSentAt(call, [0, 0]);
    expect(world.lane().budget).toBe(0);
  });

  test('forgets what is unspent, and what was spent, when the window has passed', async () => {
    const world = worldOf({
      defaults: { retry: { backoff: immediate }, budget: { ratio: 1, minPerSecond: 0, windowMs: 1000 } },
    });
    for (let index = 0; index < 5; index += 1) world.call(200);
    await world.clock.advance(2000);
    expect(world.lane().budget).toBe(0);
    const late = world.call(503);
    await world.clock.settle();
    expectSentAt(late, [2000, 2000]);
    await world.clock.advance(2000);
    expect(world.lane().budget).toBe(0);
  });

  test('is paid before the backoff, and back if the retry is never sent', async () => {
    const world = worldOf({
      defaults: { retry: { backoff: constant(1000) }, budget: { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 } },
    });
    world.call(503);
    await world.clock.settle();
    expect(world.lane()).toMatchObject({ budget: 0, backingOff: 1 });
    const closed = world.pace.close();
    await world.clock.settle();
    await closed;
    expect(world.lane().budget).toBe(1);
  });

  test('is back as well when the retry is refused for its time', async () => {
    const world = worldOf({
      defaults: {
        rate: perSecond(0.1),
        burst: 1,
        retry: { backoff: constant(100) },
        queue: { maxWaitMs: 1000 },
        budget: { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 },
      },
    });
    world.call(503);
    await world.clock.advance(100);
    expect(world.lane().counters.refused).toEqual({ QUEUE_TIMEOUT: 1 });
    expect(world.lane().budget).toBe(1);
    await expectAtRest(world);
  });

  test('is not back once the retry was sent', async () => {
    const world = worldOf({
      defaults: { retry: { backoff: immediate }, budget: { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 } },
    });
    const stop = new AbortController();
    world.call([503, { status: 200, afterMs: 100 }], { signal: stop.signal });
    await world.clock.advance(50);
    stop.abort();
    await world.clock.settle();
    expect(world.lane().budget).toBe(0);
  });

  test('of one host is no business of another', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate }, budget: { ratio: 0, minPerSecond: 0.1 } } });
    const one = world.call([503, 200], { url: 'https://one.test/' });
    const two = world.call([503, 200], { url: 'https://two.test/' });
    await world.clock.settle();
    expectAnswered(one);
    expectAnswered(two);
  });

  test('that is off bounds nothing', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate }, budget: false } });
    for (let index = 0; index < 100; index += 1) world.call(503);
    await world.clock.settle();
    expect(retriesOf(world)).toBe(300);
    expect(world.lane().budget).toBeNull();
  });

  test('leaves a failure its own error', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate }, budget: { ratio: 0, minPerSecond: 0 } } });
    const error = new TypeError('fetch failed');
    const call = world.call({ error });
    await world.clock.settle();
    expectFailedWith(call, error);
  });

  test('says so in the event: unpaid retries are told apart', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate }, budget: { ratio: 0, minPerSecond: 0 } } });
    world.call(503);
    await world.clock.settle();
    expect(eventsOf(world.events, 'settled')).toMatchObject([
      { reason: 'budget-exhausted', kind: 'answered', status: 503 },
    ]);
    expect(eventsOf(world.events, 'retry')).toEqual([]);
  });
});
