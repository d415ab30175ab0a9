import { constant, type PaceEvent, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { eventsOf } from './expect.ts';
import { HOST, hang, type World, worldOf } from './world.ts';

/** Types of the events of call `number`, in order. */
const storyOf = ({ events }: World, number: number): PaceEvent['type'][] =>
  events.filter((event) => 'call' in event && event.call === number).map((event) => event.type);

describe('the events of a call', () => {
  test('that goes at once, with all their fields', async () => {
    const world = worldOf();
    world.call({ status: 200, afterMs: 30 }, { url: 'https://api.test/path' });
    await world.clock.advance(30);
    const head = { host: HOST, call: 1 };
    const target = { method: 'GET', url: 'https://api.test/path' };
    expect(world.events).toEqual([
      { type: 'admitted', at: 0, ...head, ...target, waitedMs: 0 },
      { type: 'attempt', at: 0, ...head, ...target, attempt: 1, hedge: false },
      { type: 'outcome', at: 30, ...head, attempt: 1, tookMs: 30, kind: 'answered', status: 200, error: undefined },
      { type: 'settled', at: 30, ...head, reason: 'done', kind: 'answered', status: 200, attempts: 1, tookMs: 30 },
    ]);
  });

  test('that waits and is tried again', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 1, retry: { backoff: constant(20) } } });
    const error = new TypeError('fetch failed');
    world.call();
    world.call([{ error, afterMs: 10 }, 200], { method: 'PUT', options: { priority: 2 } });
    await world.clock.advance(1000);
    expect(storyOf(world, 2)).toEqual([
      'queued',
      'admitted',
      'attempt',
      'outcome',
      'retry',
      'queued',
      'admitted',
      'attempt',
      'outcome',
      'settled',
    ]);
    expect(eventsOf(world.events, 'queued')).toMatchObject([
      { at: 0, call: 2, method: 'PUT', priority: 2, depth: 1 },
      { at: 130, call: 2, depth: 1 },
    ]);
    expect(eventsOf(world.events, 'admitted').filter((event) => event.call === 2)).toMatchObject([
      { at: 100, waitedMs: 100 },
      { at: 200, waitedMs: 70 },
    ]);
    expect(eventsOf(world.events, 'outcome')[1]).toMatchObject({
      kind: 'failed',
      status: undefined,
      error,
      tookMs: 10,
    });
    expect(eventsOf(world.events, 'retry')).toEqual([
      { type: 'retry', at: 110, host: HOST, call: 2, retry: 1, reason: 'network', delayMs: 20 },
    ]);
    expect(eventsOf(world.events, 'settled')[1]).toMatchObject({ at: 200, attempts: 2, tookMs: 200 });
  });

  test('that Paceline refuses: refused comes before settled, with the code', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1, queue: { maxWaitMs: 0 } } });
    world.call();
    world.call();
    await world.clock.settle();
    expect(storyOf(world, 2)).toEqual(['refused', 'settled']);
    expect(eventsOf(world.events, 'refused')).toEqual([
      { type: 'refused', at: 0, host: HOST, call: 2, code: 'QUEUE_TIMEOUT', retryAfterMs: 1000 },
    ]);
    expect(eventsOf(world.events, 'settled').find((event) => event.call === 2)).toMatchObject({
      reason: 'refused',
      attempts: 0,
    });
  });

  test('whose last attempt ran out of time are those of a failed attempt, not of a refusal', async () => {
    const world = worldOf({ defaults: { retry: false, timeouts: { attemptMs: 64 } } });
    world.call(hang);
    await world.clock.advance(64);
    expect(storyOf(world, 1)).toEqual(['admitted', 'attempt', 'outcome', 'settled']);
    expect(eventsOf(world.events, 'outcome')).toMatchObject([{ kind: 'failed', error: { code: 'ATTEMPT_TIMEOUT' } }]);
  });

  test('that its caller gives up', async () => {
    const world = worldOf();
    world.pace.hold(HOST, 1000);
    const stop = new AbortController();
    world.call(200, { signal: stop.signal });
    await world.clock.advance(10);
    stop.abort();
    await world.clock.settle();
    expect(storyOf(world, 1)).toEqual(['queued', 'settled']);
    expect(world.events.at(-1)).toMatchObject({
      type: 'settled',
      at: 10,
      reason: 'aborted',
      kind: 'failed',
      tookMs: 10,
    });
  });

  test.each([
    ['https://user:secret@api.test/a?token=secret#secret', 'https://api.test/a'],
    ['https://api.test?token=secret', 'https://api.test'],
    ['https://api.test/a@b', 'https://api.test/a@b'],
    ['https://user:se/cret@api.test/a', undefined],
  ])('say the URL %s without its secrets', async (url, shown) => {
    const world = worldOf();
    world.call(200, { url });
    await world.clock.settle();
    const text = JSON.stringify(world.events);
    expect(text).not.toContain('token');
    if (shown === undefined) return;
    expect(text).not.toContain('secret');
    expect(world.events[0]).toMatchObject({ url: shown });
  });

  test('are numbered by call, and every call has exactly one settled', async () => {
    const world = worldOf({ defaults: { concurrency: 2, retry: { backoff: constant(5) }, queue: { maxLength: 5 } } });
    const stop = new AbortController();
    for (let index = 0; index < 20; index += 1) {
      world.call([503, 200], { signal: stop.signal });
      if (index === 10) stop.abort();
    }
    await world.clock.advance(1000);
    const numbers = eventsOf(world.events, 'settled').map((event) => event.call);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });
});

describe('events of a lane', () => {
  test('a hold of the server says for how long and why', async () => {
    const world = worldOf({ random: () => 0 });
    world.call([{ status: 503, headers: { 'retry-after': '3' } }, 200]);
    await world.clock.advance(3000);
    expect(eventsOf(world.events, 'held')).toEqual([
      { type: 'held', at: 0, host: HOST, forMs: 3000, source: 'retry-after' },
    ]);
  });

  test('a hold that changes nothing is not told', () => {
    const world = worldOf();
    world.pace.hold(HOST, 1000);
    world.pace.hold(HOST, 500);
    world.pace.hold(HOST, 0);
    world.pace.release('other.test');
    expect(world.events).toHaveLength(1);
  });
});

describe('listeners', () => {
  test('hear all the same events in order, from when they subscribe until they end it', async () => {
    const world = worldOf();
    const heard: PaceEvent[] = [];
    world.call();
    const off = world.pace.subscribe((event) => heard.push(event));
    world.call();
    await world.clock.settle();
    expect(heard).toEqual(world.events.slice(2));
    off();
    off();
    world.call();
    await world.clock.settle();
    expect(heard.some((event) => 'call' in event && event.call === 3)).toBe(false);
  });

  test('one function that subscribes twice hears twice, and each end is its own', () => {
    const world = worldOf();
    let heard = 0;
    const listener = (): void => {
      heard += 1;
    };
    const off = world.pace.subscribe(listener);
    world.pace.subscribe(listener);
    world.pace.hold(HOST, 1);
    expect(heard).toBe(2);
    off();
    world.pace.hold(HOST, 2);
    expect(heard).toBe(3);
  });
});
