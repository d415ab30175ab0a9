import { constant, createPaceline, perMinute, perSecond } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import { describe, expect, test } from 'vitest';
import { HOST, hang, worldOf } from './world.ts';

describe('a snapshot', () => {
  test('of an engine that did nothing is empty', () => {
    expect(createPaceline({ clock: virtualClock({ startMs: 5 }) }).snapshot()).toEqual({
      at: 5,
      closed: false,
      lanes: [],
    });
  });

  test('is plain JSON that loses nothing, whatever the policy', async () => {
    const world = worldOf({
      hosts: {
        'bounded.test': { rate: [perSecond(10), perMinute(60)], concurrency: 3 },
        'unbounded.test': { budget: false, queue: { maxWaitMs: Number.POSITIVE_INFINITY } },
      },
    });
    for (const host of ['bounded.test', 'unbounded.test']) world.call([503, 200], { url: `https://${host}/` });
    await world.clock.advance(1000);
    const snapshot = world.pace.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test('is no window: it does not change later', async () => {
    const world = worldOf();
    world.call({ status: 200, afterMs: 10 });
    const snapshot = world.pace.snapshot();
    const before = structuredClone(snapshot);
    await world.clock.advance(100);
    expect(snapshot).toEqual(before);
  });

  test('tells where the calls of a lane are', async () => {
    const world = worldOf({ defaults: { concurrency: 2, retry: { backoff: constant(1000) } } });
    world.call(503);
    await world.clock.settle();
    for (let index = 0; index < 5; index += 1) world.call(hang);
    expect(world.lane()).toMatchObject({ queued: 3, backingOff: 1, inFlight: 2, concurrency: 2 });
  });

  test('tells tokens, budget and hold as they are now, without a call to bring them there', async () => {
    const world = worldOf({ defaults: { rate: perSecond(2), burst: 4, budget: { ratio: 0.5, minPerSecond: 0 } } });
    for (let index = 0; index < 4; index += 1) world.call();
    world.pace.hold(HOST, 1000);
    expect(world.lane()).toMatchObject({ buckets: [{ tokens: 0, burst: 4, perSecond: 2 }], budget: 2, holdMs: 1000 });
    await world.clock.advance(500);
    expect(world.lane()).toMatchObject({ buckets: [{ tokens: 1 }], holdMs: 500 });
    await world.clock.advance(20_000);
    expect(world.lane()).toMatchObject({ buckets: [{ tokens: 4 }], budget: 0, holdMs: 0 });
  });

  test('is repeatable: asking changes nothing', async () => {
    const world = worldOf({ defaults: { rate: perSecond(3) } });
    world.call([503, 200]);
    await world.clock.advance(1234);
    expect(world.pace.snapshot()).toEqual(world.pace.snapshot());
  });

  test('counts calls, attempts, retries by reason, refusals by code, aborts', async () => {
    const world = worldOf({
      defaults: { concurrency: 4, queue: { maxLength: 0 }, retry: { backoff: constant(1), maxRetries: 1 } },
    });
    const stop = new AbortController();
    world.call([503, 200]);
    world.call([{ error: new Error('lost') }, 200]);
    await world.clock.advance(10);
    world.call([429, 200]);
    world.call([{ error: new Error('refused'), sent: 'never' }, 200]);
    await world.clock.advance(10);
    world.call([hang, 200], { options: { attemptMs: 1 } });
    await world.clock.advance(10);
    for (let index = 0; index < 4; index += 1) world.call(hang, { signal: stop.signal });
    world.call();
    stop.abort();
    await world.clock.settle();
    expect(world.lane().counters).toEqual({
      calls: 10,
      attempts: 14,
      settled: 5,
      aborted: 4,
      unpaid: 0,
      fallbacks: 0,
      hedges: 0,
      hedgesWon: 0,
      retries: { status: 1, network: 1, throttled: 1, 'never-sent': 1, timeout: 1 },
      refused: { QUEUE_FULL: 1 },
    });
  });

  test('every call is in exactly one of settled, aborted and refused, or not over', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 3 }, timeouts: { totalMs: 1000 } } });
    const stop = new AbortController();
    for (let index = 0; index < 6; index += 1) world.call({ status: 200, afterMs: 600 }, { signal: stop.signal });
    await world.clock.advance(700);
    stop.abort();
    world.call(hang);
    await world.clock.settle();
    const { counters, inFlight, queued } = world.lane();
    const refused = Object.values(counters.refused).reduce((sum, count) => sum + count, 0);
    expect(counters.settled + counters.aborted + refused + inFlight + queued).toBe(counters.calls);
  });

  test('estimates the wait in the queue, calls that did not wait included', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 1, queue: { maxWaitMs: 100_000 } } });
    for (let index = 0; index < 100; index += 1) world.call();
    await world.clock.advance(10_000);
    const { count, p50, p90, p99 } = world.lane().wait;
    expect(count).toBe(100);
    expect(p50).toBeGreaterThan(4900 * 0.94);
    expect(p50).toBeLessThan(4900 * 1.06);
    expect(p90).toBeGreaterThan(8900 * 0.94);
    expect(p90).toBeLessThan(8900 * 1.06);
    expect(p99).toBeGreaterThan(9800 * 0.94);
    expect(p99).toBeLessThan(9800 * 1.06);
  });

  test('estimates the time of one attempt, and knows nothing where nothing was measured', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(500) } } });
    world.pace.hold('idle.test', 1);
    world.call([
      { status: 503, afterMs: 100 },
      { status: 200, afterMs: 100 },
    ]);
    await world.clock.advance(1000);
    const { count, p50, p99 } = world.lane().latency;
    expect(count).toBe(2);
    for (const estimate of [p50, p99]) {
      expect(estimate).toBeGreaterThan(94);
      expect(estimate).toBeLessThan(106);
    }
    expect(world.lane('idle.test').latency).toEqual({ count: 0, p50: null, p90: null, p99: null });
  });
});
