import { immediate, type PaceEvent } from '@paceline/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { eventsOf, expectAnswered, expectAtRest, expectFailedWith, expectSentAt } from './expect.ts';
import { HOST, worldOf } from './world.ts';

const BOOM = new Error('boom');
const throwBoom = (): never => {
  throw BOOM;
};

describe('R15: a listener that throws', () => {
  afterEach(() => vi.restoreAllMocks());

  test('harms no call and no other listener, and is reported once (T18)', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {});
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: immediate } } });
    const heard: PaceEvent[] = [];
    world.pace.subscribe(throwBoom);
    world.pace.subscribe((event) => heard.push(event));
    const calls = Array.from({ length: 5 }, () => world.call([503, { status: 200, afterMs: 10 }]));
    await world.clock.advance(1000);
    for (const call of calls) expectAnswered(call);
    expect(heard).toEqual(world.events);
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('listener'), BOOM);
    await expectAtRest(world);
  });

  test('may end its own subscription while it is told', async () => {
    const world = worldOf();
    const heard: string[] = [];
    const off = world.pace.subscribe((event) => {
      heard.push(event.type);
      off();
    });
    world.call();
    await world.clock.settle();
    expect(heard).toEqual(['admitted']);
    expect(eventsOf(world.events, 'settled')).toHaveLength(1);
  });

  test('that is no function is refused by name', () => {
    const world = worldOf();
    expect(() => world.pace.subscribe('log' as never)).toThrow('subscribe: expected a function, got string');
  });
});

describe('R15: keyOf and when', () => {
  test('a keyOf that throws rejects that call and no other', async () => {
    const world = worldOf({ keyOf: (url) => (url.includes('bad') ? throwBoom() : 'lane') });
    const bad = world.call(200, { name: 'bad' });
    const good = world.call();
    await world.clock.settle();
    expectFailedWith(bad, BOOM);
    expect(bad.outcome).toMatchObject({ sent: 'never', final: true });
    expectAnswered(good);
    await expectAtRest(world);
  });

  test('a `when` that throws rejects that call, frees its slot and drops its response', async () => {
    const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: immediate, when: throwBoom } } });
    const calls = [world.call(503), world.call(503)];
    await world.clock.settle();
    for (const call of calls) {
      expectFailedWith(call, BOOM);
      expect(call.discarded).toEqual([1]);
    }
    expect(eventsOf(world.events, 'settled').map((event) => event.reason)).toEqual(['error', 'error']);
    await expectAtRest(world);
  });

  test("a client's own `when` that throws does the same", async () => {
    const world = worldOf();
    const call = world.call(404, { retry: { when: throwBoom } });
    await world.clock.settle();
    expectFailedWith(call, BOOM);
    await expectAtRest(world);
  });

  test('a backoff that throws does the same', async () => {
    const world = worldOf({ defaults: { retry: { backoff: { delayMs: throwBoom } } } });
    const call = world.call(503);
    await world.clock.settle();
    expectFailedWith(call, BOOM);
    await expectAtRest(world);
  });
});

describe('a call that is wrong', () => {
  test.each([
    [{ cost: 0 }, RangeError, 'pace.cost: expected a number above 0'],
    [{ priority: Number.NaN }, RangeError, 'pace.priority'],
    [{ totalMs: '5' }, TypeError, 'pace.totalMs'],
    [{ maxRetrys: 1 }, TypeError, "did you mean 'maxRetries'?"],
    [{ key: '' }, TypeError, 'pace.key'],
    ['fast', TypeError, 'pace: expected an object'],
  ])('in its options %j is refused by name and sends nothing', async (options, kind, message) => {
    const world = worldOf();
    const call = world.call(200, { options: options as never });
    await world.clock.settle();
    expectSentAt(call, []);
    const error = call.outcome?.kind === 'failed' ? call.outcome.error : undefined;
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(message);
    expect(call.outcome).toMatchObject({ sent: 'never', final: true });
    await expectAtRest(world);
  });

  test.each(['', 'nonsense', '/relative', 'http://', 'https://[::1', 'mailto:a@b.test', 'https://exa mple.test/'])(
    'in its URL %j is refused and leaves no lane',
    async (url) => {
      const world = worldOf();
      const call = world.call(200, { url });
      await world.clock.settle();
      expect(call.outcome).toMatchObject({ kind: 'failed', error: expect.any(TypeError), final: true });
      expect(world.pace.snapshot().lanes).toEqual([]);
      await expectAtRest(world);
    },
  );

  test('says the URL without its secrets', async () => {
    const world = worldOf();
    const call = world.call(200, { url: 'https://user:secret@/path?token=secret' });
    await world.clock.settle();
    expect(call.outcome?.kind === 'failed' && String(call.outcome.error)).not.toContain('secret');
  });
});

describe('re-entrancy (T33)', () => {
  test('a call made by a listener, of any event, finds its place', async () => {
    for (const type of ['queued', 'admitted', 'attempt', 'outcome', 'retry', 'settled'] as const) {
      const world = worldOf({ defaults: { concurrency: 1, retry: { backoff: immediate } } });
      let more = 5;
      world.pace.subscribe((event) => {
        if (event.type === type && more-- > 0) world.call([503, 200]);
      });
      world.call({ status: 200, afterMs: 10 });
      world.call([503, 200]);
      await world.clock.advance(1000);
      expect(world.calls).toHaveLength(7);
      for (const call of world.calls) expectAnswered(call);
      await expectAtRest(world);
    }
  });

  test('ten thousand calls that each start the next use no stack', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    const send = async (): Promise<{ kind: 'failed'; error: unknown; sent: 'never'; final: true }> => {
      left -= 1;
      if (left > 0) void world.pace.run(call);
      return { kind: 'failed', error: BOOM, sent: 'never', final: true };
    };
    const call = { url: `https://${HOST}/`, method: 'GET', replayable: true, send };
    let left = 10_000;
    void world.pace.run(call);
    while (left > 0) await world.clock.settle();
    await expectAtRest(world);
  });

  test('ten thousand waiters freed in one step use no stack', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    world.call({ status: 200, afterMs: 10 });
    for (let index = 0; index < 10_000; index += 1) world.call();
    world.pace.configure({ defaults: { concurrency: Number.POSITIVE_INFINITY } });
    await world.clock.advance(10);
    await expectAtRest(world);
  });
});
