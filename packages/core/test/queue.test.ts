import { constant, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { expectAnswered, expectAtRest, expectRefused, expectSentAt, expectWaiting } from './expect.ts';
import { HOST, hang, type World, worldOf } from './world.ts';

/** One slot, taken for 1000 ms, and a queue of two. */
function fullWorld(onFull: 'reject-new' | 'drop-oldest'): World {
  const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 2, onFull } } });
  world.call({ status: 200, afterMs: 1000 }, { name: 'busy' });
  return world;
}

describe('a full queue', () => {
  test('refuses the newcomer by default', async () => {
    const world = fullWorld('reject-new');
    const waiting = [world.call(), world.call()];
    const newcomers = [world.call(), world.call(200, { options: { priority: -1 } })];
    await world.clock.settle();
    for (const call of newcomers) expectRefused(call, 'QUEUE_FULL');
    expectWaiting(...waiting);
    await world.clock.advance(1000);
    for (const call of waiting) expectAnswered(call);
    await expectAtRest(world);
  });

  test('drops the newest of the lowest priority for one of a higher', async () => {
    const world = fullWorld('reject-new');
    const background = [world.call(), world.call()];
    const urgent = world.call(200, { options: { priority: 1 } });
    await world.clock.settle();
    expectRefused(background[1]!, 'DROPPED');
    expectWaiting(background[0]!, urgent);
    await world.clock.advance(1000);
    expect(world.departures).toEqual(['busy', urgent.name, background[0]!.name]);
    await expectAtRest(world);
  });

  test('drops the oldest where it is told to', async () => {
    const world = fullWorld('drop-oldest');
    const calls = Array.from({ length: 4 }, () => world.call());
    await world.clock.settle();
    expectRefused(calls[0]!, 'DROPPED');
    expectRefused(calls[1]!, 'DROPPED');
    await world.clock.advance(1000);
    expectAnswered(calls[2]!);
    expectAnswered(calls[3]!);
    await expectAtRest(world);
  });

  test('drops the oldest of the lowest priority', async () => {
    const world = fullWorld('drop-oldest');
    const urgent = world.call(200, { options: { priority: 1 } });
    const plain = world.call();
    const newcomer = world.call();
    await world.clock.settle();
    expectWaiting(urgent, newcomer);
    expectRefused(plain, 'DROPPED');
  });

  test('drops nobody for a newcomer of a lower priority than all who wait', async () => {
    const world = fullWorld('drop-oldest');
    const urgent = [1, 1].map((priority) => world.call(200, { options: { priority } }));
    const newcomer = world.call();
    await world.clock.settle();
    expectWaiting(...urgent);
    expectRefused(newcomer, 'QUEUE_FULL');
  });

  test('says when to come again where that is known', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, queue: { maxLength: 2 } } });
    for (let index = 0; index < 3; index += 1) world.call();
    const refused = world.call();
    await world.clock.settle();
    expectRefused(refused, 'QUEUE_FULL', { retryAfterMs: 3000 });
  });

  test('has room for those who come back for a retry: they had their place already', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 1 }, retry: { backoff: constant(10) } } });
    const failed = world.call([503, 200]);
    await world.clock.settle();
    world.call({ status: 200, afterMs: 100 });
    const newcomer = world.call();
    await world.clock.advance(10);
    expect(world.lane().queued).toBe(2);
    await world.clock.advance(1000);
    expectAnswered(failed);
    expectAnswered(newcomer);
  });

  test('of no length lets nobody wait, and those go who need not', async () => {
    for (const onFull of ['reject-new', 'drop-oldest'] as const) {
      const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 0, onFull } } });
      const first = world.call({ status: 200, afterMs: 10 });
      const second = world.call();
      await world.clock.advance(10);
      expectAnswered(first);
      expectRefused(second, 'QUEUE_FULL');
      expectSentAt(world.call(), [10]);
    }
  });

  test('holds ten thousand by default', async () => {
    const world = worldOf();
    world.pace.hold(HOST, 1000);
    const calls = Array.from({ length: 10_001 }, () => world.call());
    await world.clock.settle();
    expectRefused(calls.at(-1)!, 'QUEUE_FULL');
    expect(world.lane().queued).toBe(10_000);
    await world.clock.advance(1000);
    await expectAtRest(world);
  });

  test('settles those it lets go in that turn', async () => {
    const world = fullWorld('drop-oldest');
    const [dropped] = [world.call(hang), world.call(hang), world.call(hang)];
    for (let turn = 0; turn < 8; turn += 1) await undefined;
    expectRefused(dropped!, 'DROPPED');
  });
});
