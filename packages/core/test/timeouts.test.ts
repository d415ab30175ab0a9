import { constant, isPacelineError, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { countingClock } from './clocks.ts';
import {
  endings,
  eventsOf,
  expectAnswered,
  expectAtRest,
  expectRefused,
  expectSentAt,
  expectWaiting,
} from './expect.ts';
import { HOST, hang, worldOf } from './world.ts';

// Deadlines may be late by 1/64 of their wait. The times here are multiples of their ticks, so they are exact.

describe('R7: a wait that cannot end in time is refused when it begins', () => {
  test('for the rate: it says when to come again', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, queue: { maxWaitMs: 2500 } } });
    const calls = Array.from({ length: 5 }, () => world.call());
    await world.clock.settle();
    expectRefused(calls[3]!, 'QUEUE_TIMEOUT', { retryAfterMs: 3000 });
    expectRefused(calls[4]!, 'QUEUE_TIMEOUT', { retryAfterMs: 3000 });
    await world.clock.advance(3000);
    expect(calls.map((call) => call.sentAt)).toEqual([[0], [1000], [2000], [], []]);
    await expectAtRest(world);
  });

  test('for a hold', async () => {
    const world = worldOf({ defaults: { queue: { maxWaitMs: 1000 } } });
    world.pace.hold(HOST, 5000);
    const call = world.call();
    await world.clock.settle();
    expectRefused(call, 'QUEUE_TIMEOUT', { retryAfterMs: 5000 });
  });

  test('for the hold and the rate behind it together', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, queue: { maxWaitMs: 2500 } } });
    world.pace.hold(HOST, 2000);
    const [first, second] = [world.call(), world.call()];
    await world.clock.settle();
    expectWaiting(first);
    expectRefused(second, 'QUEUE_TIMEOUT', { retryAfterMs: 3000 });
  });

  test('by the whole time of the call: TOTAL_TIMEOUT', async () => {
    const world = worldOf({ defaults: { timeouts: { totalMs: 1000 } } });
    world.pace.hold(HOST, 5000);
    const call = world.call();
    await world.clock.settle();
    expectRefused(call, 'TOTAL_TIMEOUT', { retryAfterMs: 5000 });
    expectSentAt(call, []);
  });

  test("by the call's own limits", async () => {
    const world = worldOf();
    world.pace.hold(HOST, 5000);
    const patient = world.call();
    const hasty = world.call(200, { options: { maxWaitMs: 100 } });
    const short = world.call(200, { options: { totalMs: 100 } });
    await world.clock.settle();
    expectWaiting(patient);
    expectRefused(hasty, 'QUEUE_TIMEOUT');
    expectRefused(short, 'TOTAL_TIMEOUT');
  });

  test('only for those ahead: a higher priority has less to wait for', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, queue: { maxWaitMs: 2000 } } });
    for (let index = 0; index < 3; index += 1) world.call();
    const urgent = world.call(200, { options: { priority: 1 } });
    await world.clock.advance(1000);
    expectSentAt(urgent, [1000]);
  });

  test('a call that may not wait at all goes at once or not', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1 } });
    const free = world.call(200, { options: { maxWaitMs: 0 } });
    const late = world.call(200, { options: { maxWaitMs: 0 } });
    await world.clock.settle();
    expectAnswered(free);
    expectRefused(late, 'QUEUE_TIMEOUT', { retryAfterMs: 1000 });
  });
});

describe('a wait that turns out too long', () => {
  test('for a slot ends at maxWaitMs, and the next goes on waiting', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxWaitMs: 1000 } } });
    world.call({ status: 200, afterMs: 1500 });
    const first = world.call();
    await world.clock.advance(600);
    const second = world.call();
    await world.clock.advance(400);
    expectRefused(first, 'QUEUE_TIMEOUT');
    expect(first.settledAt).toBe(1000);
    await world.clock.advance(500);
    expectSentAt(second, [1500]);
    await expectAtRest(world);
  });

  test('is limited by a minute unless the policy says otherwise', async () => {
    const world = worldOf();
    world.call(hang, { options: { maxWaitMs: 1 } });
    world.pace.configure({ defaults: { concurrency: 1 } });
    const call = world.call();
    await world.clock.advance(59_999);
    expectWaiting(call);
    await world.clock.advance(1000);
    expectRefused(call, 'QUEUE_TIMEOUT');
  });

  test('is counted afresh for each admission', async () => {
    const world = worldOf({
      defaults: { rate: perSecond(1), burst: 1, queue: { maxWaitMs: 1500 }, retry: { backoff: constant(1) } },
    });
    const call = world.call([503, 503, 503, 200]);
    await world.clock.advance(5000);
    expectSentAt(call, [0, 1000, 2000, 3000]);
  });
});

describe('attemptMs', () => {
  test('ends one attempt, aborts its signal and tries again', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(100) }, timeouts: { attemptMs: 1000 } } });
    const call = world.call([hang, 200]);
    await world.clock.advance(1100);
    expectSentAt(call, [0, 1100]);
    expectAnswered(call);
    expect(call.signals[0]).toMatchObject({ aborted: true });
    expect(isPacelineError(call.signals[0]?.reason, 'ATTEMPT_TIMEOUT')).toBe(true);
    expect(eventsOf(world.events, 'retry')).toMatchObject([{ reason: 'timeout' }]);
    await expectAtRest(world);
  });

  test('gives every attempt a signal and a time of its own (T6)', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(24) }, timeouts: { attemptMs: 1000 } } });
    const stop = new AbortController();
    const call = world.call([hang, hang, { status: 200, afterMs: 900 }], { signal: stop.signal });
    await world.clock.advance(3000);
    expectSentAt(call, [0, 1024, 2048]);
    expectAnswered(call);
    expect(call.signals.map((signal) => signal?.aborted)).toEqual([true, true, false]);
    expect(new Set(call.signals).size).toBe(3);
    expect(stop.signal.aborted).toBe(false);
  });

  test('does not count the wait for the turn', async () => {
    const world = worldOf({ defaults: { concurrency: 1, timeouts: { attemptMs: 1000 } } });
    world.call({ status: 200, afterMs: 900 });
    const call = world.call({ status: 200, afterMs: 900 });
    await world.clock.advance(1800);
    expectAnswered(call);
  });

  test('is the error at the end, with the attempts that were made', async () => {
    const world = worldOf({
      defaults: { retry: { backoff: constant(1), maxRetries: 1 }, timeouts: { attemptMs: 64 } },
    });
    const call = world.call(hang);
    await world.clock.advance(200);
    expectRefused(call, 'ATTEMPT_TIMEOUT');
    expect(endings(world)).toEqual(['retries-exhausted']);
    await expectAtRest(world);
  });

  test('frees the slot, and throws away what comes too late', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: false, timeouts: { attemptMs: 64 } } });
    const late = world.call({ status: 200, afterMs: 100 });
    const next = world.call();
    await world.clock.advance(64);
    expectSentAt(next, [64]);
    await world.clock.advance(36);
    expect(late.discarded).toEqual([1]);
    expectRefused(late, 'ATTEMPT_TIMEOUT');
  });

  test('swallows a rejection that comes too late (T39)', async () => {
    const world = worldOf({ defaults: { retry: false, timeouts: { attemptMs: 64 } } });
    const outcome = world.pace.run({
      url: `https://${HOST}/`,
      method: 'GET',
      replayable: true,
      send: () => new Promise<never>((_, reject) => world.clock.setTimer(() => reject(new Error('late')), 100)),
    });
    await world.clock.advance(200);
    expect(await outcome).toMatchObject({ error: { code: 'ATTEMPT_TIMEOUT' } });
  });

  test('is not tried again where the method is not safe', async () => {
    const world = worldOf({ defaults: { timeouts: { attemptMs: 64 } } });
    const call = world.call(hang, { method: 'POST' });
    await world.clock.advance(1000);
    expectSentAt(call, [0]);
    expect(endings(world)).toEqual(['not-idempotent']);
  });
});

describe('totalMs', () => {
  test('ends an attempt in flight', async () => {
    const world = worldOf({ defaults: { timeouts: { totalMs: 1000 } } });
    const call = world.call(hang);
    await world.clock.advance(1000);
    expectRefused(call, 'TOTAL_TIMEOUT');
    expect(isPacelineError(call.signals[0]?.reason, 'TOTAL_TIMEOUT')).toBe(true);
    await expectAtRest(world);
  });

  test('ends a wait in the queue', async () => {
    const world = worldOf({ defaults: { concurrency: 1, timeouts: { totalMs: 1000 } } });
    world.call({ status: 200, afterMs: 5000 }, { options: { totalMs: 10_000 } });
    const call = world.call();
    await world.clock.advance(1000);
    expectRefused(call, 'TOTAL_TIMEOUT');
  });

  test('counts every wait and attempt from the arrival on', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(400) }, timeouts: { totalMs: 1000 } } });
    const call = world.call({ status: 503, afterMs: 500 });
    await world.clock.advance(5000);
    expectSentAt(call, [0, 900]);
    expect(call.settledAt).toBe(1000);
    expectRefused(call, 'TOTAL_TIMEOUT');
  });

  test('lets no backoff begin that would end after it: the call keeps the answer it has', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(400) }, timeouts: { totalMs: 1000 } } });
    const call = world.call({ status: 503, afterMs: 700 });
    await world.clock.advance(700);
    expectAnswered(call, 503);
    expect(endings(world)).toEqual(['out-of-time']);
    expect(call.discarded).toEqual([]);
  });

  test('sends nothing for one whose turn comes just when its time is up', async () => {
    const world = worldOf({ defaults: { concurrency: 1, timeouts: { totalMs: 1000 } } });
    const calls = Array.from({ length: 5 }, () => world.call(hang));
    await world.clock.advance(2000);
    expect(world.departures).toEqual(['1']);
    for (const call of calls) {
      expectRefused(call, 'TOTAL_TIMEOUT');
      expect(call.settledAt).toBe(1000);
    }
    await expectAtRest(world);
  });

  test("of the call wins over the policy's", async () => {
    const world = worldOf({ defaults: { timeouts: { totalMs: 1000, attemptMs: 500 } } });
    const call = world.call({ status: 200, afterMs: 3000 }, { options: { totalMs: 4000, attemptMs: 3500 } });
    await world.clock.advance(4000);
    expectAnswered(call);
  });

  test('has the last failure as its cause', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(100) }, timeouts: { totalMs: 1000 } } });
    const error = new TypeError('fetch failed');
    const call = world.call([{ error }, hang]);
    await world.clock.advance(1000);
    expect(call.outcome).toMatchObject({ kind: 'failed', error: { code: 'TOTAL_TIMEOUT', cause: error } });
  });
});

describe('the timer of all deadlines', () => {
  test('is silent after calls that ended in time (T12)', async () => {
    const world = worldOf({ defaults: { timeouts: { attemptMs: 1000, totalMs: 5000 } } });
    const calls = Array.from({ length: 10 }, () => world.call({ status: 200, afterMs: 10 }));
    await world.clock.advance(10);
    expect(world.clock.timers).toBe(0);
    await world.clock.advance(10_000);
    for (const call of calls) expectAnswered(call);
    expect(world.events.filter((event) => event.at > 10)).toEqual([]);
  });

  test('is one, however many attempts are in flight', async () => {
    const clock = countingClock();
    const world = worldOf({ clock, defaults: { timeouts: { attemptMs: 1000, totalMs: 5000 } } });
    for (let index = 0; index < 1000; index += 1) world.call(hang);
    expect(clock.timersSet).toBe(1);
  });

  test('is seldom set: calls in a row with timeouts do not set one each', async () => {
    const clock = countingClock();
    const world = worldOf({ clock, defaults: { timeouts: { attemptMs: 1000 } } });
    for (let index = 0; index < 1000; index += 1) {
      world.call();
      await clock.advance(1);
    }
    expect(clock.timersSet).toBeLessThanOrEqual(3);
  });

  test('is not there at all for calls without a timeout that need not wait (T27)', async () => {
    const clock = countingClock();
    const world = worldOf({ clock, defaults: { rate: perSecond(1000), concurrency: 100 } });
    for (let index = 0; index < 50; index += 1) world.call();
    await clock.settle();
    expect(clock.timersSet).toBe(0);
  });

  test('is late by a 64th of the wait at most, and never early', async () => {
    for (const totalMs of [1, 7, 63, 64, 100, 1000, 1023, 4097, 60_001]) {
      const world = worldOf({ defaults: { timeouts: { totalMs } } });
      await world.clock.advance(12_345);
      const call = world.call(hang);
      await world.clock.advance(100_000);
      const tookMs = (call.settledAt ?? 0) - 12_345;
      expect(tookMs).toBeGreaterThanOrEqual(totalMs);
      expect(tookMs).toBeLessThanOrEqual(totalMs + Math.max(1, totalMs / 64));
    }
  });
});
