import { getEventListeners } from 'node:events';
import { constant } from '@paceline/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectAnswered, expectAtRest, expectFailedWith } from './expect.ts';
import { hang, worldOf } from './world.ts';

const listenersOn = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('R4: one long-lived signal for many calls (T10)', () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  beforeEach(() => {
    warnings.length = 0;
    process.on('warning', note);
  });
  afterEach(() => {
    process.off('warning', note);
  });

  /** Node gives its warnings a turn of the event loop later. */
  async function expectNoWarning(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  }

  test('a thousand in a row leave no listener', async () => {
    const world = worldOf({
      defaults: { timeouts: { attemptMs: 1000 }, retry: { backoff: constant(1) }, budget: false },
    });
    const { signal } = new AbortController();
    for (let index = 0; index < 1000; index += 1) {
      world.call([503, { status: 200, afterMs: 1 }], { signal });
      expect(listenersOn(signal)).toBe(1);
      await world.clock.advance(3);
      expect(listenersOn(signal)).toBe(0);
    }
    await expectNoWarning();
    await expectAtRest(world);
  });

  test('a thousand at once put one listener on it, and leave none', async () => {
    const world = worldOf({ defaults: { concurrency: 10, timeouts: { totalMs: 60_000 } } });
    const { signal } = new AbortController();
    const calls = Array.from({ length: 1000 }, () => world.call({ status: 200, afterMs: 1 }, { signal }));
    expect(listenersOn(signal)).toBe(1);
    await world.clock.advance(100);
    for (const call of calls) expectAnswered(call);
    expect(listenersOn(signal)).toBe(0);
    await expectNoWarning();
    await expectAtRest(world);
  });

  test('calls that fail, are refused or timed out leave none either', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 1 }, retry: false } });
    const { signal } = new AbortController();
    const error = new Error('lost');
    world.call({ error, afterMs: 10 }, { signal });
    world.call(hang, { signal, options: { attemptMs: 64 } });
    world.call(200, { signal });
    world.call(200, { signal, options: { cost: -1 } });
    world.call(200, { signal, url: 'nonsense' });
    await world.clock.advance(1000);
    expect(listenersOn(signal)).toBe(0);
    await expectAtRest(world);
  });

  test('its abort reaches every one of them, wherever it is, and leaves nothing behind', async () => {
    const world = worldOf({ defaults: { concurrency: 10, retry: { backoff: constant(1000) } } });
    const stop = new AbortController();
    const calls = Array.from({ length: 1000 }, (_, index) =>
      world.call(index % 3 === 0 ? 503 : hang, { signal: stop.signal }),
    );
    await world.clock.settle();
    expect(world.lane()).toMatchObject({ inFlight: 10 });
    const reason = new Error('enough');
    stop.abort(reason);
    await world.clock.settle();
    for (const call of calls) expectFailedWith(call, reason);
    expect(listenersOn(stop.signal)).toBe(0);
    await expectNoWarning();
    await expectAtRest(world);
  });

  test('an attempt gets no listener of the engine on a signal that only the caller aborts', () => {
    const world = worldOf();
    const { signal } = new AbortController();
    const call = world.call(hang, { signal });
    expect(call.signals).toEqual([signal]);
    expect(listenersOn(signal)).toBe(1);
  });
});
