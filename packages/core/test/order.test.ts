import { constant, immediate, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { expectAtRest, expectSentAt } from './expect.ts';
import { hang, type World, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 100 } as const;

/** One slot, taken for 100 ms, so that whoever comes now has to wait. */
function busyWorld(): World {
  const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: immediate } } });
  world.call(SLOW, { name: 'busy' });
  return world;
}

describe('R2: order is priority, then the arrival of the call', () => {
  test('equals go in order of arrival', async () => {
    const world = busyWorld();
    for (const name of ['a', 'b', 'c', 'd']) world.call(200, { name });
    await world.clock.advance(100);
    expect(world.departures).toEqual(['busy', 'a', 'b', 'c', 'd']);
  });

  test('a higher priority goes first, any number is one, and none is 0', async () => {
    const world = busyWorld();
    world.call(200, { name: 'minus', options: { priority: -1 } });
    world.call(200, { name: 'none' });
    world.call(200, { name: 'half', options: { priority: 0.5 } });
    world.call(200, { name: 'zero', options: { priority: 0 } });
    world.call(200, { name: 'ten', options: { priority: 10 } });
    world.call(200, { name: 'ten too', options: { priority: 10 } });
    await world.clock.advance(100);
    expect(world.departures).toEqual(['busy', 'ten', 'ten too', 'half', 'none', 'zero', 'minus']);
  });

  test('an abort in the middle changes nothing for the others', async () => {
    const world = busyWorld();
    const stop = new AbortController();
    world.call(200, { name: 'a' });
    world.call(200, { name: 'b', signal: stop.signal });
    world.call(200, { name: 'c' });
    stop.abort();
    await world.clock.advance(100);
    expect(world.departures).toEqual(['busy', 'a', 'c']);
    await expectAtRest(world);
  });

  test('a retry stands ahead of calls that arrived after its own', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(50) } } });
    world.call([{ status: 503, afterMs: 100 }, SLOW], { name: 'retrying' });
    for (const name of ['a', 'b', 'c']) world.call(SLOW, { name });
    await world.clock.advance(1000);
    expect(world.departures).toEqual(['retrying', 'a', 'retrying', 'b', 'c']);
  });

  test('retries keep the order of their calls, whichever backoff ends first', async () => {
    const delays = [50, 10, 30];
    const backoff = { delayMs: () => delays.shift() ?? 0 };
    const world = worldOf({ defaults: { concurrency: 3, retry: { backoff } } });
    for (const name of ['a', 'b', 'c']) world.call([503, 200], { name });
    await world.clock.settle();
    world.pace.configure({ defaults: { concurrency: 1 } });
    world.call(SLOW, { name: 'busy' });
    world.call(200, { name: 'late' });
    await world.clock.advance(200);
    expect(world.departures).toEqual(['a', 'b', 'c', 'busy', 'a', 'b', 'c', 'late']);
  });

  test('a retry goes behind a higher priority that came later', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: immediate } } });
    world.call([{ status: 503, afterMs: 100 }, 200], { name: 'retrying' });
    world.call(200, { name: 'urgent', options: { priority: 1 } });
    await world.clock.advance(100);
    expect(world.departures).toEqual(['retrying', 'urgent', 'retrying']);
  });

  test('a call that fails again and again holds up those behind it for its retries and no longer (T24)', async () => {
    const world = worldOf({
      defaults: { rate: perSecond(1), burst: 1, retry: { backoff: constant(500), maxRetries: 3 } },
    });
    const poisoned = world.call(503, { name: 'poisoned' });
    const others = ['a', 'b'].map((name) => world.call(200, { name }));
    await world.clock.advance(10_000);
    expectSentAt(poisoned, [0, 1000, 2000, 3000]);
    expect(others.map((call) => call.sentAt)).toEqual([[4000], [5000]]);
    await expectAtRest(world);
  });

  test('a backoff does not block: those who wait go while it lasts (T23)', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(1000) } } });
    for (let index = 0; index < 10; index += 1) world.call([503, 200], { name: 'failing' });
    const healthy = world.call(200, { name: 'healthy' });
    await world.clock.settle();
    expect(world.lane()).toMatchObject({ backingOff: 10, inFlight: 0, queued: 0 });
    expectSentAt(healthy, [0]);
  });

  test('a dear call at the head is not overtaken by a cheap one (T25)', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 10 } });
    world.call(200, { name: 'spend', options: { cost: 10 } });
    world.call(200, { name: 'dear', options: { cost: 10 } });
    world.call(200, { name: 'cheap' });
    await world.clock.advance(1000);
    expect(world.departures).toEqual(['spend', 'dear']);
    await world.clock.advance(100);
    expect(world.departures).toEqual(['spend', 'dear', 'cheap']);
  });

  test('a call made while another is admitted stands behind all who wait (T11)', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    let isFirst = true;
    world.pace.subscribe((event) => {
      if (event.type !== 'admitted' || !isFirst) return;
      isFirst = false;
      world.call(200, { name: 'from a listener' });
    });
    world.call(SLOW, { name: 'first' });
    world.call(200, { name: 'second' });
    world.call(hang, { name: 'third' });
    await world.clock.advance(100);
    expect(world.departures).toEqual(['first', 'from a listener', 'second', 'third']);
  });
});

test('a caller who changes its options while the call waits does not change its place, nor what it takes', async () => {
  const world = worldOf({ defaults: { rate: perSecond(1), burst: 2 } });
  const options = { priority: 1, cost: 2 };
  world.call(200, { options: { cost: 2 } });
  const shared = world.call(200, { options });
  const last = world.call();
  Object.assign(options, { priority: -1, cost: 1 });
  await world.clock.advance(2_000);
  expectSentAt(shared, [2_000]);
  await world.clock.advance(1_000);
  expectSentAt(last, [3_000]);
  await expectAtRest(world);
});
