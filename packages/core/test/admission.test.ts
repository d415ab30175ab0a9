import { constant, perMinute, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { countingClock } from './clocks.ts';
import { expectAtRest, expectSentAt, expectWaiting } from './expect.ts';
import { HOST, hang, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 100 } as const;

describe('R1: every attempt takes tokens and a slot', () => {
  test('a burst leaves at once, the rest at the rate', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 3 } });
    const calls = Array.from({ length: 6 }, () => world.call());
    await world.clock.advance(1000);
    expect(calls.map((call) => call.sentAt[0])).toEqual([0, 0, 0, 100, 200, 300]);
    await expectAtRest(world);
  });

  test('a bucket holds one second of its rate by default, and at least one token', async () => {
    const ten = worldOf({ defaults: { rate: perSecond(10) } });
    for (let index = 0; index < 20; index += 1) ten.call();
    expect(ten.departures).toHaveLength(10);
    const slow = worldOf({ defaults: { rate: perMinute(6) } });
    slow.call();
    const second = slow.call();
    await slow.clock.advance(10_000);
    expectSentAt(second, [10_000]);
  });

  test('a retry takes a token as the first attempt does', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, retry: { backoff: constant(10) } } });
    const call = world.call([503, 503, 200]);
    await world.clock.advance(5000);
    expectSentAt(call, [0, 1000, 2000]);
  });

  test('a retry takes a slot as the first attempt does', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(10) } } });
    const failing = world.call([503, 200]);
    const slow = world.call({ status: 200, afterMs: 100 });
    await world.clock.advance(200);
    expectSentAt(slow, [0]);
    expectSentAt(failing, [0, 100]);
  });

  test('a dear call takes its cost at every attempt', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 4, retry: { backoff: constant(10) } } });
    const dear = world.call([503, 200], { options: { cost: 3 } });
    const cheap = world.call();
    await world.clock.advance(5000);
    expectSentAt(cheap, [0]);
    expectSentAt(dear, [0, 3000]);
  });

  test('a fraction of a token is a cost as well', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1 } });
    const calls = Array.from({ length: 3 }, () => world.call(200, { options: { cost: 0.5 } }));
    await world.clock.advance(1000);
    expect(calls.map((call) => call.sentAt)).toEqual([[0], [0], [500]]);
  });

  test('a cost above the burst is refused at once, by name, and blocks nobody', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 2 } });
    const tooDear = world.call(200, { options: { cost: 3 } });
    const next = world.call();
    await world.clock.settle();
    expectSentAt(tooDear, []);
    expect(tooDear.outcome).toMatchObject({ kind: 'failed', sent: 'never' });
    const error = tooDear.outcome?.kind === 'failed' ? tooDear.outcome.error : undefined;
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toMatch(/pace\.cost: .*burst of api\.test, 2, got 3/);
    expectSentAt(next, [0]);
    await expectAtRest(world);
  });

  test('never more attempts are in flight than there are slots', async () => {
    const world = worldOf({ defaults: { concurrency: 2 } });
    const calls = Array.from({ length: 5 }, () => world.call(SLOW));
    expect(world.lane()).toMatchObject({ inFlight: 2, queued: 3 });
    await world.clock.advance(1000);
    expect(calls.map((call) => call.sentAt[0])).toEqual([0, 0, 100, 100, 200]);
    await expectAtRest(world);
  });

  test('with several rates all must agree', async () => {
    const world = worldOf({ defaults: { rate: [perSecond(10, { burst: 10 }), perMinute(60, { burst: 4 })] } });
    const calls = Array.from({ length: 6 }, () => world.call());
    await world.clock.advance(10_000);
    expect(calls.map((call) => call.sentAt[0])).toEqual([0, 0, 0, 0, 1000, 2000]);
  });

  test('lanes do not share tokens or slots', () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, concurrency: 1 } });
    for (const host of ['a.test', 'b.test', 'c.test']) world.call(hang, { url: `https://${host}/` });
    expect(world.departures).toHaveLength(3);
  });
});

describe('R3: what becomes free is handed over', () => {
  test('a freed slot goes to the first waiter, and a newcomer of the same moment waits behind it', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    const first = world.call(SLOW);
    const second = world.call(SLOW);
    void first.settled.then(() => world.call(SLOW, { name: 'newcomer' }));
    await world.clock.advance(100);
    expect(world.departures).toEqual(['1', '2']);
    await world.clock.advance(200);
    expectSentAt(second, [100]);
    expect(world.departures).toEqual(['1', '2', 'newcomer']);
  });

  test('a freed slot is never seen free while somebody waits', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    world.call(SLOW);
    world.call(SLOW);
    const seen: number[] = [];
    world.pace.subscribe((event) => {
      if (event.type === 'settled') seen.push(world.lane().inFlight);
    });
    await world.clock.advance(200);
    expect(seen).toEqual([1, 0]);
  });

  test('newcomers queue while anybody waits, whatever is free', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 2 } });
    world.call();
    const dear = world.call(200, { options: { cost: 2 } });
    const cheap = world.call();
    expectWaiting(dear, cheap);
    await world.clock.advance(3000);
    expectSentAt(dear, [1000]);
    expectSentAt(cheap, [2000]);
  });

  test('a thousand waiters share one timer for the rate and one for all deadlines', async () => {
    const clock = countingClock();
    const world = worldOf({ clock, defaults: { rate: perSecond(100), burst: 1 } });
    for (let index = 0; index < 1000; index += 1) world.call();
    expect(clock.timersSet).toBe(2);
    expect(clock.timers).toBe(2);
  });

  test('waiters for a slot need no timer of the lane', () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxWaitMs: Number.POSITIVE_INFINITY } } });
    world.call(hang);
    world.call();
    expect(world.clock.timers).toBe(0);
  });

  test('several tokens that became due together are handed out in one go', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1000), burst: 1000 } });
    for (let index = 0; index < 1000; index += 1) world.call();
    world.pace.hold(HOST, 500);
    for (let index = 0; index < 500; index += 1) world.call();
    await world.clock.advance(499);
    expect(world.departures).toHaveLength(1000);
    await world.clock.advance(1);
    expect(world.departures).toHaveLength(1500);
  });
});
