import { constant, perSecond } from '@paceline/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { earlyClock, overflowingClock, suspendableClock, throttledClock } from './clocks.ts';
import { expectAnswered, expectAtRest, expectSentAt } from './expect.ts';
import { HOST, hang, worldOf } from './world.ts';

const HOUR = 3_600_000;
const MONTH = 30 * 24 * HOUR;

describe('R11: time is monotonic', () => {
  test.each([-HOUR, HOUR, -1000 * MONTH])('a step of the wall clock by %i ms changes nothing (T1)', async (step) => {
    const world = worldOf({
      defaults: { rate: perSecond(1), burst: 1, retry: { backoff: constant(500) }, timeouts: { totalMs: 60_000 } },
      random: () => 0,
    });
    const calls = [world.call([{ status: 503, headers: { 'retry-after': '2' } }, 200]), world.call(), world.call(503)];
    await world.clock.advance(100);
    world.clock.stepWall(step);
    await world.clock.advance(20_000);
    expect(calls.map((call) => call.sentAt)).toEqual([[0, 2000], [3000], [4000, 5000, 6000, 7000]]);
    await expectAtRest(world);
  });

  test('the wall clock turns a date into a delay, once: a later step does not move the hold', async () => {
    const world = worldOf({ random: () => 0 });
    const date = new Date(world.clock.wallNow() + 10_000).toUTCString();
    const call = world.call([{ status: 429, headers: { 'retry-after': date } }, 200]);
    await world.clock.settle();
    world.clock.stepWall(HOUR);
    await world.clock.advance(10_000);
    expectSentAt(call, [0, 10_000]);
  });

  test("a date is measured from the server's own Date, where a wrong wall clock does no harm", async () => {
    const world = worldOf({ random: () => 0 });
    const headers = {
      date: new Date(world.clock.wallNow()).toUTCString(),
      'retry-after': new Date(world.clock.wallNow() + 10_000).toUTCString(),
    };
    world.clock.stepWall(-HOUR);
    const call = world.call([{ status: 429, headers }, 200]);
    await world.clock.advance(10_000);
    expectSentAt(call, [0, 10_000]);
  });

  test('an answer without dates does not even read the wall clock', async () => {
    const clock = Object.create(overflowingClock(), {
      wallNow: {
        value: () => {
          throw new Error('read');
        },
      },
    });
    const world = worldOf({ clock, random: () => 0 });
    const call = world.call([
      { status: 429, headers: { 'retry-after': '1', date: 'Thu, 01 Jan 2026 00:00:00 GMT' } },
      200,
    ]);
    await clock.advance(1000);
    expectSentAt(call, [0, 1000]);
  });
});

describe('timers as runtimes have them', () => {
  test('a wait of more than 2^31 ms is not over at once (T2)', async () => {
    const clock = overflowingClock();
    const world = worldOf({ clock, defaults: { queue: { maxWaitMs: Number.POSITIVE_INFINITY } } });
    world.pace.hold(HOST, 2 * MONTH);
    const held = world.call();
    const timed = world.call(hang, { url: 'https://other.test/', options: { totalMs: 2 * MONTH } });
    await clock.advance(2 * MONTH - 1);
    expectSentAt(held, []);
    expect(timed.outcome).toBeUndefined();
    await clock.advance(MONTH);
    expectSentAt(held, [2 * MONTH]);
    expect(timed.outcome).toMatchObject({ error: { code: 'TOTAL_TIMEOUT' } });
  });

  test('a backoff of more than 2^31 ms is not over at once (T2)', async () => {
    const clock = overflowingClock();
    const world = worldOf({ clock, defaults: { retry: { backoff: constant(2 * MONTH) } } });
    const call = world.call([503, 200]);
    await clock.advance(2 * MONTH - 1);
    expectSentAt(call, [0]);
    await clock.advance(MONTH);
    expectAnswered(call);
  });

  test('a timer that fires early lets nobody go early, and does not spin (T28)', async () => {
    const clock = earlyClock(0.5);
    const world = worldOf({
      clock,
      defaults: { rate: perSecond(10), burst: 1, retry: { backoff: constant(50) }, timeouts: { attemptMs: 64 } },
    });
    const calls = [world.call(), world.call([hang, 200])];
    await clock.advance(1000);
    expectSentAt(calls[0]!, [0]);
    const [first = 0, second = 0] = calls[1]!.sentAt;
    expect(first).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThanOrEqual(102);
    expect(second - first).toBeGreaterThanOrEqual(114);
    await expectAtRest(world);
  });

  test('a sleep of the machine lets one burst go, not all that it would have let go awake (T1)', async () => {
    const clock = suspendableClock();
    const world = worldOf({ clock, defaults: { rate: perSecond(10), burst: 5, queue: { maxWaitMs: 2 * HOUR } } });
    for (let index = 0; index < 100; index += 1) world.call();
    await clock.advance(50);
    clock.suspend(HOUR);
    await clock.advance(100);
    expect(world.departures.length).toBeLessThanOrEqual(5 + 5 + 1);
    await clock.advance(60_000);
    await expectAtRest(world);
  });

  test('a page in the background, whose timers run once a second, still gets its rate (T28)', async () => {
    const clock = throttledClock(1000);
    const world = worldOf({ clock, defaults: { rate: perSecond(10), burst: 10 } });
    for (let index = 0; index < 100; index += 1) world.call();
    await clock.advance(9000);
    expect(world.departures).toHaveLength(100);
  });

  test('fractions add up: a thousand seconds at 3 a second are 3000 attempts (T29)', async () => {
    const world = worldOf({ defaults: { rate: perSecond(3), queue: { maxWaitMs: HOUR } } });
    for (let index = 0; index < 3100; index += 1) world.call();
    await world.clock.advance(1000 * 1000);
    const sinceTheBurst = world.departures.length - 3;
    expect(sinceTheBurst).toBeGreaterThanOrEqual(3000 - 1);
    expect(sinceTheBurst).toBeLessThanOrEqual(3000);
  });
});

describe('R17: with clock and random given, nothing else is asked', () => {
  afterEach(() => vi.restoreAllMocks());

  test("no Math.random, no Date.now, no performance.now, none of the runtime's timers", async () => {
    const world = worldOf({
      defaults: { rate: perSecond(10), burst: 1, concurrency: 2, timeouts: { attemptMs: 1000, totalMs: 20_000 } },
    });
    const asked = [
      vi.spyOn(Math, 'random'),
      vi.spyOn(Date, 'now'),
      vi.spyOn(performance, 'now'),
      vi.spyOn(globalThis, 'setTimeout'),
      vi.spyOn(globalThis, 'setInterval'),
    ];
    world.call([
      { status: 429, headers: { 'retry-after': new Date(world.clock.wallNow() + 2000).toUTCString() } },
      200,
    ]);
    world.call([503, hang, { error: new Error('lost') }, 200]);
    for (let index = 0; index < 20; index += 1) world.call([503, 200]);
    await world.clock.advance(60_000);
    for (const spy of asked) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    await expectAtRest(world);
  });

  test('without them an engine runs on the time and the dice of the runtime', async () => {
    const { createPaceline } = await import('@paceline/core');
    const pace = createPaceline();
    const { at } = pace.snapshot();
    expect(Math.abs(performance.now() - at)).toBeLessThan(60_000);
  });
});
