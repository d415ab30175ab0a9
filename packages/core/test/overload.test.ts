import { perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { expectAtRest, expectRefused, expectWaiting } from './expect.ts';
import { type Sent, type World, worldOf } from './world.ts';

const TARGET_MS = 500;

/** Ten calls a second may leave, one at a time. */
function lineOf(queue: { readonly maxLength?: number; readonly maxWaitMs?: number } = {}): World {
  const order = { order: 'adaptive-lifo', targetWaitMs: TARGET_MS } as const;
  return worldOf({ defaults: { rate: perSecond(10), burst: 1, queue: { ...order, ...queue } } });
}

/** Calls that arrive at this rate for a while. */
async function arrive(world: World, perSecondRate: number, forMs: number): Promise<Sent[]> {
  const calls: Sent[] = [];
  for (let ms = 0; ms < forMs; ms += 1000 / perSecondRate) {
    calls.push(world.call());
    await world.clock.advance(1000 / perSecondRate);
  }
  return calls;
}

describe("order: 'adaptive-lifo'", () => {
  test('is first in, first out as long as waits are short', async () => {
    const world = lineOf();
    const calls = Array.from({ length: 5 }, () => world.call());
    await world.clock.advance(1000);
    expect(world.departures).toEqual(calls.map(({ name }) => name));
  });

  test('lets the newest go first under a standing overload, and answers it at once', async () => {
    const world = lineOf();
    await arrive(world, 20, 5_000);
    const left = world.departures.length;
    const newest = world.call();
    await world.clock.advance(100);
    expect(world.departures.slice(left)).toEqual([newest.name]);
  });

  test('refuses no newcomer for the calls that it will overtake', async () => {
    const world = lineOf({ maxWaitMs: 2_000 });
    await arrive(world, 20, 5_000);
    const newest = world.call();
    expectWaiting(newest);
    await world.clock.advance(100);
    expect(newest.outcome).toMatchObject({ kind: 'answered' });
  });

  test('drops the oldest when the line is full, but only while it overtakes', async () => {
    const world = lineOf({ maxLength: 15 });
    const waiting = Array.from({ length: 16 }, () => world.call());
    const early = world.call();
    await world.clock.settle();
    expectRefused(early, 'QUEUE_FULL');
    await world.clock.advance(550);
    const late = Array.from({ length: 7 }, () => world.call());
    await world.clock.settle();
    // Five have left in the meantime, so that two are too many.
    const dropped = waiting.filter(({ outcome, sentAt }) => outcome !== undefined && sentAt.length === 0);
    expect(dropped.map(({ name }) => name)).toEqual([waiting[6]!.name, waiting[7]!.name]);
    for (const call of dropped) expectRefused(call, 'DROPPED');
    expectWaiting(...late);
  });

  test('goes back to the oldest first once the line has been empty', async () => {
    const world = lineOf();
    await arrive(world, 20, 3_000);
    await world.clock.advance(10_000);
    await expectAtRest(world);
    const left = world.departures.length;
    const calls = Array.from({ length: 4 }, () => world.call());
    await world.clock.advance(1000);
    expect(world.departures.slice(left)).toEqual(calls.map(({ name }) => name));
  });

  test('keeps priorities: the newest of the highest', async () => {
    const world = lineOf();
    await arrive(world, 20, 5_000);
    const left = world.departures.length;
    const urgent = world.call(200, { options: { priority: 1 } });
    const newest = world.call();
    await world.clock.advance(200);
    expect(world.departures.slice(left)).toEqual([urgent.name, newest.name]);
  });
});
