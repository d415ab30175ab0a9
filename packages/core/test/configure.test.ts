import { constant, immediate, perMinute, perSecond, strategies } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { endings, expectAnswered, expectAtRest, expectRefused, expectSentAt, expectWaiting } from './expect.ts';
import { HOST, hang, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 100 } as const;

describe('R14: a new policy applies to those already waiting', () => {
  test('a raised rate wakes them', async () => {
    const world = worldOf({ defaults: { rate: perMinute(10), burst: 1 } });
    const calls = Array.from({ length: 3 }, () => world.call());
    await world.clock.advance(3000);
    world.pace.configure({ defaults: { rate: perSecond(10) } });
    await world.clock.advance(300);
    expectSentAt(calls[1]!, [3050]);
    expectSentAt(calls[2]!, [3150]);
    await expectAtRest(world);
  });

  test('a lowered rate holds them back from that moment on', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 1 } });
    const calls = Array.from({ length: 3 }, () => world.call());
    await world.clock.advance(100);
    world.pace.configure({ defaults: { rate: perSecond(1) } });
    await world.clock.advance(1000);
    expect(calls.map((call) => call.sentAt)).toEqual([[0], [100], [1100]]);
  });

  test('a lowered burst takes what does not fit, a raised one gives nothing (T19)', () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 10 } });
    world.call(hang);
    world.pace.configure({ defaults: { burst: 3 } });
    expect(world.lane().buckets).toEqual([{ tokens: 3, burst: 3, perSecond: 1 }]);
    world.pace.configure({ defaults: { burst: 10 } });
    expect(world.lane().buckets).toEqual([{ tokens: 3, burst: 10, perSecond: 1 }]);
  });

  test('what the old rate had earned by then counts at the old rate', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 10 } });
    for (let index = 0; index < 10; index += 1) world.call();
    await world.clock.advance(500);
    world.pace.configure({ defaults: { rate: perSecond(1) } });
    expect(world.lane().buckets[0]?.tokens).toBeCloseTo(5);
  });

  test('a rate that is lifted lets everybody go at once', () => {
    const world = worldOf({ defaults: { rate: perMinute(10), burst: 1 } });
    for (let index = 0; index < 5; index += 1) world.call();
    world.pace.configure({ defaults: { rate: perSecond(Number.POSITIVE_INFINITY) } });
    expect(world.lane()).toMatchObject({ queued: 0, inFlight: 5, buckets: [] });
  });

  test('more slots are filled in the same step, fewer drain as attempts end', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    const calls = Array.from({ length: 6 }, () => world.call(SLOW));
    world.pace.configure({ defaults: { concurrency: 3 } });
    expect(world.lane().inFlight).toBe(3);
    world.pace.configure({ defaults: { concurrency: 1 } });
    expect(world.lane().inFlight).toBe(3);
    await world.clock.advance(1000);
    expect(calls.map((call) => call.sentAt[0])).toEqual([0, 0, 0, 100, 200, 300]);
    await expectAtRest(world);
  });

  test('a lowered length refuses the newest beyond it (T19)', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    const calls = Array.from({ length: 6 }, () => world.call(SLOW));
    const urgent = world.call(SLOW, { options: { priority: 1 } });
    world.pace.configure({ defaults: { queue: { maxLength: 3 } } });
    await world.clock.settle();
    expectWaiting(urgent, ...calls.slice(0, 3));
    for (const call of calls.slice(3)) expectRefused(call, 'QUEUE_FULL');
    const more = Array.from({ length: 20 }, () => world.call());
    await world.clock.settle();
    for (const call of more) expectRefused(call, 'QUEUE_FULL');
    await world.clock.advance(1000);
    await expectAtRest(world);
  });

  test('but nobody who comes back for a retry', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(10) } } });
    const failed = world.call([503, 200]);
    const busy = world.call(SLOW);
    await world.clock.advance(10);
    expect(world.lane()).toMatchObject({ queued: 1, inFlight: 1 });
    world.pace.configure({ defaults: { queue: { maxLength: 0 } } });
    await world.clock.advance(100);
    expectAnswered(failed);
    expectAnswered(busy);
  });

  test('a shorter maxWaitMs ends waits that were longer already, and a longer one extends them', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxWaitMs: 1000 } } });
    world.call({ status: 200, afterMs: 5000 });
    const old = world.call();
    await world.clock.advance(512);
    const young = world.call();
    world.pace.configure({ defaults: { queue: { maxWaitMs: 256 } } });
    await world.clock.advance(1);
    expectRefused(old, 'QUEUE_TIMEOUT');
    expectWaiting(young);
    world.pace.configure({ defaults: { queue: { maxWaitMs: 10_000 } } });
    await world.clock.advance(5000);
    expectSentAt(young, [5000]);
    await expectAtRest(world);
  });

  test('a shorter totalMs ends waits as well', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    world.call({ status: 200, afterMs: 5000 });
    const waiting = world.call();
    await world.clock.advance(1024);
    world.pace.configure({ defaults: { timeouts: { totalMs: 512 } } });
    await world.clock.advance(1);
    expectRefused(waiting, 'TOTAL_TIMEOUT');
  });

  test.each(['attemptMs', 'totalMs'] as const)('a longer %s leaves those in flight more time', async (limit) => {
    const world = worldOf({ defaults: { timeouts: { [limit]: 1024 } } });
    const call = world.call({ status: 200, afterMs: 3000 });
    await world.clock.advance(500);
    world.pace.configure({ defaults: { timeouts: { [limit]: 4096 } } });
    await world.clock.advance(2500);
    expectAnswered(call);
    expectSentAt(call, [0]);
    await expectAtRest(world);
  });

  test('a burst below the cost of one who waits refuses it, and those behind go', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 4 } });
    world.call(200, { options: { cost: 4 } });
    const dear = world.call(200, { options: { cost: 4 } });
    const cheap = world.call();
    world.pace.configure({ defaults: { burst: 2 } });
    await world.clock.advance(1000);
    expect(dear.outcome).toMatchObject({ kind: 'failed', error: expect.any(RangeError) });
    expectSentAt(cheap, [1000]);
    await expectAtRest(world);
  });

  test('retry, budget and hints of now decide about what was sent before', async () => {
    const world = worldOf({ defaults: { retry: { backoff: immediate } } });
    const call = world.call({ status: 503, afterMs: 100 });
    world.pace.configure({ defaults: { retry: false } });
    await world.clock.advance(100);
    expectSentAt(call, [0]);
    expect(endings(world)).toEqual(['done']);
  });

  test('a policy of one host changes no other lane', () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    for (const host of ['a.test', 'b.test'])
      for (let n = 0; n < 3; n += 1) world.call(hang, { url: `https://${host}/` });
    world.pace.configure({ hosts: { 'a.test': { concurrency: 3 } } });
    expect(world.lane('a.test')).toMatchObject({ inFlight: 3, concurrency: 3 });
    expect(world.lane('b.test')).toMatchObject({ inFlight: 1, concurrency: 1 });
  });
});

describe('a patch', () => {
  test('leaves alone what it does not name, field by field', () => {
    const world = worldOf({ defaults: { rate: perSecond(10), concurrency: 2, queue: { maxLength: 1 } } });
    world.pace.configure({ defaults: { queue: { maxWaitMs: 10 } } });
    for (let index = 0; index < 4; index += 1) world.call(hang);
    expect(world.lane()).toMatchObject({ concurrency: 2, inFlight: 2, queued: 1, buckets: [{ perSecond: 10 }] });
  });

  test('that is wrong changes nothing at all', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    const patch = { defaults: { concurrency: 5 }, hosts: { [HOST]: { burst: 0 } } };
    expect(() => world.pace.configure(patch)).toThrow("hosts['api.test'].burst: expected a number from 1, got 0");
    expect(() => world.pace.configure({ defaults: { concurency: 5 } } as never)).toThrow("did you mean 'concurrency'?");
    expect(() => world.pace.configure({ clock: {} } as never)).toThrow(TypeError);
    for (let index = 0; index < 3; index += 1) world.call(hang);
    expect(world.lane()).toMatchObject({ concurrency: 1, inFlight: 1 });
  });

  test("stays the engine's own: what the caller does to it later has no effect (T13)", () => {
    const policy = { concurrency: 1, queue: { maxLength: 1 } };
    const world = worldOf({ defaults: policy });
    policy.concurrency = 100;
    policy.queue.maxLength = 100;
    for (let index = 0; index < 5; index += 1) world.call(hang);
    expect(world.lane()).toMatchObject({ inFlight: 1, queued: 1 });
  });

  test('walks the ladder of strategies and back', async () => {
    const world = worldOf();
    for (const policy of [strategies.simple, strategies.exponential, strategies.jittered, strategies.paced]) {
      world.pace.configure({ defaults: policy });
      const call = world.call([503, 503, 200]);
      await world.clock.advance(5000);
      expectAnswered(call);
      expect(world.lane().budget === null).toBe(policy.budget === false);
    }
    world.pace.configure({ defaults: strategies.simple });
    const call = world.call([503, 200]);
    await world.clock.settle();
    expectSentAt(call, [20_000, 20_000]);
  });

  test('from a listener in the middle of a hand-out is safe', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    world.pace.subscribe((event) => {
      if (event.type === 'admitted') world.pace.configure({ defaults: { concurrency: 1 + (event.call % 3) } });
    });
    for (let index = 0; index < 20; index += 1) world.call(SLOW);
    await world.clock.advance(5000);
    expect(world.departures).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
    await expectAtRest(world);
  });
});
