import { constant, perSecond, settlementOf } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { endings, expectAtRest, expectFailedWith, expectSentAt } from './expect.ts';
import { HOST, hang, type Sent, type World, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 100 } as const;
const REASON = new Error('the user left');

/** The call is over in this very turn: a few promise steps, no time. */
async function expectAborted(world: World, call: Sent, reason: unknown = REASON): Promise<void> {
  const before = world.clock.now();
  for (let turn = 0; turn < 8; turn += 1) await undefined;
  expectFailedWith(call, reason);
  expect(world.clock.now()).toBe(before);
}

describe('R4: an abort settles the call in that turn, with its reason', () => {
  test('before the call began: nothing is sent, no place is taken', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1 } });
    const call = world.call(200, { signal: AbortSignal.abort(REASON) });
    await expectAborted(world, call);
    expectSentAt(call, []);
    expectSentAt(world.call(), [0]);
    await expectAtRest(world);
  });

  test('in the queue: the place is free at once', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 1 } } });
    const stop = new AbortController();
    world.call(SLOW);
    const waiting = world.call(200, { signal: stop.signal });
    stop.abort(REASON);
    expect(world.lane().queued).toBe(0);
    const next = world.call();
    await expectAborted(world, waiting);
    await world.clock.advance(100);
    expectSentAt(waiting, []);
    expectSentAt(next, [100]);
    await expectAtRest(world);
  });

  test('at the head of the queue: whoever is next, and could go, goes', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 2 } });
    const stop = new AbortController();
    world.call();
    world.call(200, { signal: stop.signal, options: { cost: 2 } });
    const cheap = world.call();
    stop.abort(REASON);
    expectSentAt(cheap, []);
    await world.clock.settle();
    expectSentAt(cheap, [0]);
  });

  test('while it is held: the lane goes on', async () => {
    const world = worldOf();
    const stop = new AbortController();
    world.pace.hold(HOST, 1000);
    const call = world.call(200, { signal: stop.signal });
    stop.abort(REASON);
    await expectAborted(world, call);
    await expectAtRest(world);
  });

  test('in the backoff: no further attempt (T7)', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(400) } } });
    const stop = new AbortController();
    const call = world.call(503, { signal: stop.signal });
    await world.clock.advance(50);
    stop.abort(REASON);
    expect(world.lane().backingOff).toBe(0);
    await expectAborted(world, call);
    await world.clock.advance(1000);
    expectSentAt(call, [0]);
    await expectAtRest(world);
  });

  test('in flight: the attempt is aborted, the slot is free, a late answer is thrown away', async () => {
    const world = worldOf({ defaults: { concurrency: 1, timeouts: { attemptMs: 1000 } } });
    const stop = new AbortController();
    const call = world.call(SLOW, { signal: stop.signal });
    const next = world.call();
    await world.clock.advance(50);
    stop.abort(REASON);
    expect(call.signals[0]?.aborted).toBe(true);
    expect(call.signals[0]?.reason).toBe(REASON);
    await expectAborted(world, call);
    expectSentAt(next, [50]);
    await world.clock.advance(50);
    expect(call.discarded).toEqual([1]);
    await expectAtRest(world);
  });

  test('in flight without timeouts: the attempt has the very signal of the caller', async () => {
    const world = worldOf();
    const stop = new AbortController();
    const call = world.call(hang, { signal: stop.signal });
    expect(call.signals).toEqual([stop.signal]);
    stop.abort(REASON);
    await expectAborted(world, call);
    await expectAtRest(world);
  });

  test('between the grant and the attempt: token and slot go back, and to the next (T8)', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, concurrency: 1 } });
    const stop = new AbortController();
    world.pace.subscribe((event) => {
      if (event.type === 'admitted' && event.call === 2) stop.abort(REASON);
    });
    world.call();
    const granted = world.call(200, { signal: stop.signal });
    const next = world.call();
    await world.clock.advance(1000);
    expectSentAt(granted, []);
    expectFailedWith(granted, REASON);
    expectSentAt(next, [1000]);
    await expectAtRest(world);
  });

  test('between a grant at once and the attempt', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, concurrency: 1 } });
    const stop = new AbortController();
    const off = world.pace.subscribe((event) => event.type === 'admitted' && stop.abort(REASON));
    const granted = world.call(200, { signal: stop.signal });
    off();
    const next = world.call();
    await expectAborted(world, granted);
    expectSentAt(granted, []);
    expectSentAt(next, [0]);
    await expectAtRest(world);
  });

  test.each(['queued', 'admitted', 'attempt', 'outcome', 'retry'] as const)(
    'from a listener that hears %s',
    async (type) => {
      const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: constant(10) } } });
      const stop = new AbortController();
      world.pace.subscribe((event) => {
        if (event.type === type && event.call === 2) stop.abort(REASON);
      });
      world.call(SLOW);
      const call = world.call(503, { signal: stop.signal });
      const next = world.call();
      await world.clock.advance(1000);
      expectFailedWith(call, REASON);
      expectSentAt(next, [100]);
      await expectAtRest(world);
    },
  );

  test('from within `send`, before it returns', async () => {
    const world = worldOf();
    const stop = new AbortController();
    const outcome = world.pace.run({
      url: `https://${HOST}/`,
      method: 'GET',
      replayable: true,
      signal: stop.signal,
      send: () => {
        stop.abort(REASON);
        return Promise.reject(REASON);
      },
    });
    expect(await outcome).toMatchObject({ kind: 'failed', error: REASON });
    await expectAtRest(world);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 8])(
    'and %i promise steps after the answer came: either the caller gets it, or it is thrown away',
    async (steps) => {
      const world = worldOf({ defaults: { timeouts: { attemptMs: 1000 } } });
      const stop = new AbortController();
      const call = world.call(200, { signal: stop.signal });
      for (let step = 0; step < steps; step += 1) await undefined;
      stop.abort(REASON);
      await world.clock.settle();
      if (call.outcome?.kind === 'answered') expect(call.signals[0]?.aborted).toBe(false);
      else expectFailedWith(call, REASON);
      expect(call.discarded).toEqual(call.outcome?.kind === 'answered' ? [] : [1]);
      await expectAtRest(world);
    },
  );
});

describe('a caller that gives up', () => {
  test('is never retried, whatever the error looks like (T9)', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(10) } } });
    const stop = new AbortController();
    const call = world.call([{ error: new TypeError('fetch failed'), afterMs: 50 }, 200], { signal: stop.signal });
    await world.clock.advance(10);
    stop.abort(REASON);
    await world.clock.advance(1000);
    expectSentAt(call, [0]);
    expect(endings(world)).toEqual(['aborted']);
  });

  test("by AbortSignal.timeout's reason gets that reason", async () => {
    const world = worldOf();
    const timeout = new DOMException('too late', 'TimeoutError');
    const stop = new AbortController();
    const call = world.call(hang, { signal: stop.signal });
    stop.abort(timeout);
    await expectAborted(world, call, timeout);
  });

  test('may give any reason, nothing included', async () => {
    const world = worldOf();
    for (const reason of ['text', 0, null, Object.freeze({ frozen: true })]) {
      const stop = new AbortController();
      const call = world.call(hang, { signal: stop.signal });
      stop.abort(reason);
      await expectAborted(world, call, reason);
    }
    await expectAtRest(world);
  });

  test('counts as aborted and never as the failure of the host', async () => {
    const world = worldOf({ defaults: { budget: { minPerSecond: 0.1 } } });
    const stop = new AbortController();
    for (let index = 0; index < 5; index += 1) world.call(hang, { signal: stop.signal });
    stop.abort(REASON);
    await world.clock.settle();
    expect(world.lane().counters).toMatchObject({
      calls: 5,
      attempts: 5,
      aborted: 5,
      settled: 0,
      retries: {},
      refused: {},
    });
    expect(settlementOf(REASON)).toMatchObject({ reason: 'aborted', host: HOST, attempts: 1 });
  });

  test('in a paid retry gets the payment back', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(100) }, budget: { ratio: 0, minPerSecond: 0.1 } } });
    const stop = new AbortController();
    world.call(503, { signal: stop.signal });
    await world.clock.settle();
    expect(world.lane().budget).toBe(0);
    stop.abort(REASON);
    await world.clock.settle();
    expect(world.lane().budget).toBe(1);
  });

  test('takes nobody along who shares no signal', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    const [one, two] = [new AbortController(), new AbortController()];
    world.call(SLOW);
    const a = world.call(200, { signal: one.signal });
    const b = world.call(200, { signal: two.signal });
    one.abort(REASON);
    await world.clock.advance(100);
    expectFailedWith(a, REASON);
    expectSentAt(b, [100]);
  });
});
