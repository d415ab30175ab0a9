import { constant, immediate } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { followedClock } from './clocks.ts';
import {
  endings,
  expectAnswered,
  expectAtRest,
  expectFailedWith,
  expectRefused,
  expectSentAt,
  expectWaiting,
} from './expect.ts';
import { HOST, type World, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 100 } as const;

/** When a promise of the engine's resolved, by the world's clock. */
function timeOf(world: World, promise: Promise<void>): { readonly at: number | undefined } {
  const time = { at: undefined as number | undefined };
  void promise.then(() => {
    time.at = world.clock.now();
  });
  return time;
}

describe('idle', () => {
  test('resolves at once where nothing goes on', async () => {
    const world = worldOf();
    const idle = timeOf(world, world.pace.idle());
    await world.clock.settle();
    expect(idle.at).toBe(0);
  });

  test('waits for those queued, backing off and in flight, of every lane', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(50) } } });
    world.call(SLOW, { url: 'https://a.test/' });
    world.call(SLOW, { url: 'https://a.test/' });
    world.call([503, 200], { url: 'https://b.test/' });
    const idle = timeOf(world, world.pace.idle());
    const again = timeOf(world, world.pace.idle());
    await world.clock.advance(199);
    expect(idle.at).toBeUndefined();
    await world.clock.advance(1);
    expect([idle.at, again.at]).toEqual([200, 200]);
  });

  test('waits for calls that begin meanwhile, and may be asked again', async () => {
    const world = worldOf();
    world.call(SLOW);
    const idle = timeOf(world, world.pace.idle());
    await world.clock.advance(50);
    world.call(SLOW);
    await world.clock.advance(1000);
    expect(idle.at).toBe(150);
    world.call(SLOW);
    const later = timeOf(world, world.pace.idle());
    await world.clock.advance(1000);
    expect(later.at).toBe(1150);
  });

  test('is not kept waiting by a hold that nobody waits for', async () => {
    const world = worldOf();
    world.pace.hold(HOST, 60_000);
    const idle = timeOf(world, world.pace.idle());
    await world.clock.settle();
    expect(idle.at).toBe(0);
    expect(world.clock.timers).toBe(0);
  });
});

describe('close', () => {
  test('refuses new calls, ends waiting ones, lets those in flight finish', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(1000) } } });
    const backingOff = world.call(503);
    const flying = world.call(SLOW);
    const queued = world.call();
    await world.clock.advance(10);
    const closed = timeOf(world, world.pace.close());
    const late = world.call();
    await world.clock.settle();
    for (const call of [backingOff, queued, late]) expectRefused(call, 'CLOSED');
    expectWaiting(flying);
    expect(closed.at).toBeUndefined();
    await world.clock.advance(1000);
    expectAnswered(flying);
    expect(closed.at).toBe(100);
    expect(world.pace.snapshot().closed).toBe(true);
    await expectAtRest(world);
  });

  test('tries nothing again: a call in flight settles with what it has', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate } } });
    const error = new TypeError('fetch failed');
    const answered = world.call({ status: 503, afterMs: 100 });
    const lost = world.call({ error, afterMs: 100 });
    void world.pace.close();
    await world.clock.advance(100);
    expectAnswered(answered, 503);
    expectFailedWith(lost, error);
    expect(endings(world)).toEqual(['closing', 'closing']);
  });

  test.each([0, 1, 2, 3, 4])(
    '%i promise steps after a backoff ended: what has not left does not leave',
    async (steps) => {
      const clock = followedClock(async () => {
        for (let step = 0; step < steps; step += 1) await undefined;
        attemptsBefore = call.sentAt.length;
        void world.pace.close();
      });
      const world = worldOf({ clock, defaults: { retry: { backoff: constant(50) } } });
      let attemptsBefore = 0;
      const call = world.call([503, 200]);
      await clock.advance(50);
      expect(call.sentAt).toHaveLength(attemptsBefore);
      if (attemptsBefore === 1) expectRefused(call, 'CLOSED');
      else expectAnswered(call);
      await expectAtRest(world);
    },
  );

  test('ends a held lane without waiting for its hold', async () => {
    const world = worldOf();
    world.pace.hold(HOST, 60_000);
    const call = world.call();
    const closed = timeOf(world, world.pace.close());
    await world.clock.settle();
    expectRefused(call, 'CLOSED');
    expectSentAt(call, []);
    expect(closed.at).toBe(0);
  });

  test('may be called twice, and from a listener', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    world.pace.subscribe((event) => event.type === 'queued' && void world.pace.close());
    world.call(SLOW);
    const queued = world.call();
    const closed = timeOf(world, world.pace.close());
    await world.clock.advance(100);
    expectRefused(queued, 'CLOSED');
    expect(closed.at).toBe(100);
    await expectAtRest(world);
  });

  test('leaves a caller who gave up its own reason', async () => {
    const world = worldOf();
    await world.pace.close();
    const reason = new Error('gone');
    const call = world.call(200, { signal: AbortSignal.abort(reason) });
    await world.clock.settle();
    expectFailedWith(call, reason);
  });

  test('leaves other engines alone', async () => {
    const [one, two] = [worldOf(), worldOf()];
    await one.pace.close();
    const call = two.call();
    await two.clock.settle();
    expectAnswered(call);
  });
});
