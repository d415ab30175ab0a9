import { constant, perSecond } from '@paceline/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  endings,
  eventsOf,
  expectAnswered,
  expectAtRest,
  expectRefused,
  expectSentAt,
  expectWaiting,
} from './expect.ts';
import { HOST, hang, type Reply, worldOf } from './world.ts';

/** The dice that add nothing to a server's wait. */
const noJitter = { random: () => 0 };

const asking = (seconds: number | string, status = 429): Reply => ({
  status,
  headers: { 'retry-after': String(seconds) },
});

describe('R5: Retry-After holds the whole lane', () => {
  test.each([429, 503])('on a %i: nobody leaves before its time', async (status) => {
    const world = worldOf(noJitter);
    const asked = world.call([asking(2, status), 200]);
    await world.clock.settle();
    const other = world.call();
    await world.clock.advance(2000);
    expectSentAt(asked, [0, 2000]);
    expectSentAt(other, [2000]);
    await expectAtRest(world);
  });

  test('not for the lanes of other hosts', async () => {
    const world = worldOf(noJitter);
    world.call(asking(2));
    await world.clock.settle();
    const other = world.call(200, { url: 'https://other.test/' });
    expectSentAt(other, [0]);
  });

  test('also for the one who gets the slot of the call that was told so', async () => {
    const world = worldOf({ ...noJitter, defaults: { concurrency: 1 } });
    world.call([asking(1), 200]);
    const next = world.call();
    await world.clock.advance(1000);
    expectSentAt(next, [1000]);
  });

  test('also where the host retries nothing', async () => {
    const world = worldOf({ ...noJitter, defaults: { retry: false } });
    const told = world.call(asking(1));
    await world.clock.settle();
    const next = world.call();
    await world.clock.advance(1000);
    expectAnswered(told, 429);
    expectSentAt(next, [1000]);
  });

  test('a little longer than it says, never shorter (T5)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        async (dice, seconds) => {
          const world = worldOf({ random: () => dice });
          const call = world.call([asking(seconds), 200]);
          await world.clock.advance(120_000);
          expect(call.sentAt[1]).toBeGreaterThanOrEqual(seconds * 1000);
          expect(call.sentAt[1]).toBeLessThanOrEqual(seconds * 1000 + 501);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('those who were told the same moment in different processes come back apart (T5)', async () => {
    const times = new Set<number>();
    for (let process = 0; process < 20; process += 1) {
      const world = worldOf({ random: () => process / 20 });
      const call = world.call([asking(10), 200]);
      await world.clock.advance(11_000);
      times.add(call.sentAt[1] ?? 0);
    }
    expect(times.size).toBe(20);
  });

  test('when it is over they leave at the rate, not all at once', async () => {
    const world = worldOf({ ...noJitter, defaults: { rate: perSecond(10), burst: 1 } });
    const calls = [world.call([asking(1), 200])];
    await world.clock.settle();
    for (let index = 0; index < 3; index += 1) calls.push(world.call());
    await world.clock.advance(5000);
    expect(calls.map((call) => call.sentAt.at(-1))).toEqual([1000, 1100, 1200, 1300]);
  });

  test('a shorter one does not shorten a longer one, a longer one lengthens', async () => {
    const world = worldOf(noJitter);
    const calls = [asking(2), asking(4), asking(1)].map((reply) => world.call([reply, 200]));
    await world.clock.advance(10_000);
    expect(calls.map((call) => call.sentAt)).toEqual([
      [0, 4000],
      [0, 4000],
      [0, 4000],
    ]);
  });

  test('of 0 means now: no hold, no backoff', async () => {
    const world = worldOf(noJitter);
    const call = world.call([asking(0), 200]);
    await world.clock.settle();
    expectSentAt(call, [0, 0]);
    expect(eventsOf(world.events, 'held')).toEqual([]);
  });

  test('on another status delays that call only, and never less than its backoff', async () => {
    const world = worldOf({ ...noJitter, defaults: { retry: { backoff: constant(50) } } });
    const call = world.call([asking(1, 500), asking(0, 500), 200]);
    await world.clock.settle();
    expectSentAt(world.call(), [0]);
    await world.clock.advance(2000);
    expectSentAt(call, [0, 1000, 1050]);
  });

  test('may be waited for beyond maxWaitMs by the call that was told so', async () => {
    const world = worldOf({ ...noJitter, defaults: { queue: { maxWaitMs: 500 } } });
    const told = world.call([asking(2), 200]);
    await world.clock.settle();
    const other = world.call();
    await world.clock.advance(2000);
    expectAnswered(told);
    expectRefused(other, 'QUEUE_TIMEOUT', { retryAfterMs: 2000 });
  });
});

describe('R5: a wait that is too long settles the call with the response it has (T4)', () => {
  test('longer than maxRetryAfterMs: at once, unread, and the host is held for that long at most', async () => {
    const world = worldOf({ ...noJitter, defaults: { hints: { maxRetryAfterMs: 3000 } } });
    const told = world.call([asking(3600), 200]);
    await world.clock.settle();
    expectAnswered(told, 429);
    expect(told.discarded).toEqual([]);
    expect(endings(world)).toEqual(['retry-after-too-long']);
    expect(world.lane().holdMs).toBe(3000);
  });

  test('of exactly maxRetryAfterMs is waited for', async () => {
    const world = worldOf({ ...noJitter, defaults: { hints: { maxRetryAfterMs: 3000 } } });
    const told = world.call([asking(3), 200]);
    await world.clock.advance(3000);
    expectAnswered(told, 200);
  });

  test('longer than the time the call has left', async () => {
    const world = worldOf({ ...noJitter, defaults: { timeouts: { totalMs: 1000 } } });
    const told = world.call([asking(2), 200]);
    await world.clock.settle();
    expectAnswered(told, 429);
    expect(told.discarded).toEqual([]);
    await expectAtRest(world);
  });

  test('longer with its jitter than the time the call has left', async () => {
    const world = worldOf({ random: () => 0.99, defaults: { timeouts: { totalMs: 2100 } } });
    const told = world.call([asking(2), 200]);
    await world.clock.settle();
    expectAnswered(told, 429);
    expect(told.discarded).toEqual([]);
  });

  test("by the call's own bound, where the client has one", async () => {
    const world = worldOf(noJitter);
    const told = world.call([asking(2), 200], { retry: { maxRetryAfterMs: 1000 } });
    await world.clock.settle();
    expectAnswered(told, 429);
  });
});

describe('what a server may write (T3)', () => {
  /** The wall clock of a virtual clock starts here. */
  const NOW = Date.UTC(2026, 0, 1);
  const date = (ms: number): string => new Date(NOW + ms).toUTCString();

  test.each([
    ['seconds', '2', 2000],
    ['a fraction', '1.5', 1500],
    ['a date', date(2000), 2000],
    ['an RFC 850 date', 'Thursday, 01-Jan-26 00:00:02 GMT', 2000],
    ['an asctime date', 'Thu Jan  1 00:00:02 2026', 2000],
    ['a list', `${date(2000)}, 1`, 2000],
    ['a date in the past', date(-2000), 0],
  ])('%s: %s', async (_form, value, waitMs) => {
    const world = worldOf(noJitter);
    const call = world.call([asking(value), 200]);
    await world.clock.advance(5000);
    expectSentAt(call, [0, waitMs]);
  });

  test.each(['', ' ', '-1', 'soon', 'NaN', 'Infinity', '0x10', '1e3', 'Thu, 32 Jan 2026 00:00:00 GMT'])(
    'nonsense such as %j leaves the call to its own backoff',
    async (value) => {
      const world = worldOf({ ...noJitter, defaults: { retry: { backoff: constant(70) } } });
      const call = world.call([asking(value), 200]);
      await world.clock.advance(5000);
      expectSentAt(call, [0, 70]);
    },
  );

  test('retry-after-ms is finer and goes first', async () => {
    const world = worldOf(noJitter);
    const call = world.call([{ status: 429, headers: { 'retry-after-ms': '250', 'retry-after': '1' } }, 200]);
    await world.clock.advance(5000);
    expectSentAt(call, [0, 250]);
  });

  test('nothing that a server writes throws, hangs a call or stops the lane for longer than allowed', async () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.constantFrom('99999999999999999999', '9'.repeat(400), '0, 0, -5', 'Thu, 01 Jan 2026 00:00:60 GMT', ',,,', '"'),
    );
    const names = ['retry-after', 'retry-after-ms', 'ratelimit', 'ratelimit-policy', 'ratelimit-remaining'];
    const more = ['ratelimit-reset', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'date'];
    const headers = fc.dictionary(fc.constantFrom(...names, ...more), value, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(200, 429, 500, 503), headers, async (status, lies) => {
        const world = worldOf({ defaults: { hints: { maxRetryAfterMs: 5000 } } });
        const liar = world.call({ status, headers: lies });
        await world.clock.settle();
        expect(world.lane().holdMs).toBeLessThanOrEqual(5500);
        const honest = world.call();
        await world.clock.advance(60_000);
        expectAnswered(honest);
        expect(liar.outcome).toMatchObject({ kind: 'answered', status });
        await expectAtRest(world);
      }),
      { numRuns: 200 },
    );
  });

  test('a `header` that throws is no hint', async () => {
    const world = worldOf({ defaults: { retry: { backoff: constant(10) } } });
    const header = (): never => {
      throw new Error('no headers here');
    };
    const value = 'value';
    const outcome = world.pace.run({
      url: `https://${HOST}/`,
      method: 'GET',
      replayable: true,
      send: async () => ({ kind: 'answered', status: 200, value, header, discard: () => {} }),
    });
    expect(await outcome).toMatchObject({ kind: 'answered', value });
    await expectAtRest(world);
  });
});

describe('RateLimit fields', () => {
  const NOW_SECONDS = Date.UTC(2026, 0, 1) / 1000;

  test.each<[string, Record<string, string>]>([
    ['the structured field', { ratelimit: '"default";r=0;t=2' }],
    ['the old dictionary', { ratelimit: 'limit=10, remaining=0, reset=2' }],
    ['RateLimit-*', { 'ratelimit-remaining': '0', 'ratelimit-reset': '2' }],
    ['X-RateLimit-* in seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2' }],
    ['X-RateLimit-* in epoch seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW_SECONDS + 2}` }],
    [
      'X-RateLimit-* in epoch milliseconds',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW_SECONDS}002000` },
    ],
  ])('hold the lane when nothing is left: %s', async (_form, headers) => {
    if (headers['x-ratelimit-reset']?.endsWith('002000')) headers['x-ratelimit-reset'] = `${NOW_SECONDS + 2}000`;
    const world = worldOf(noJitter);
    world.call({ status: 200, headers });
    await world.clock.settle();
    const next = world.call();
    await world.clock.advance(2000);
    expectSentAt(next, [2000]);
    expect(eventsOf(world.events, 'held')).toMatchObject([{ forMs: 2000, source: 'rate-limit' }]);
  });

  test.each([
    ['something is left', { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '60' }],
    ['the reset lies in the past (T32)', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW_SECONDS - 5}` }],
    ['there is no reset', { 'x-ratelimit-remaining': '0' }],
  ])('hold nobody where %s', async (_case, headers) => {
    const world = worldOf(noJitter);
    world.call({ status: 200, headers });
    await world.clock.settle();
    expectSentAt(world.call(), [0]);
  });

  test('never give tokens: a late answer that says much is left undoes nothing (T32)', async () => {
    const world = worldOf({ defaults: { rate: perSecond(1), burst: 1 } });
    world.call({ status: 200, headers: { 'x-ratelimit-remaining': '1000', 'x-ratelimit-reset': '60' } });
    await world.clock.settle();
    expect(world.lane().buckets[0]?.tokens).toBe(0);
  });

  test('go unread where the policy says so; Retry-After still counts', async () => {
    const world = worldOf({ ...noJitter, defaults: { hints: { rateLimitHeaders: false } } });
    world.call({ status: 200, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' } });
    await world.clock.settle();
    expectSentAt(world.call(asking(1)), [0]);
    await world.clock.settle();
    expect(world.lane().holdMs).toBe(1000);
  });

  test('and Retry-After go unread with `hints: false`', async () => {
    const world = worldOf({ defaults: { hints: false, retry: { backoff: constant(10) } } });
    const call = world.call([asking(60), 200]);
    await world.clock.advance(10);
    expectSentAt(call, [0, 10]);
  });
});

describe('a hold by hand', () => {
  test('pauses one host until its time, and says so', async () => {
    const world = worldOf();
    world.pace.hold(HOST, 1000);
    const call = world.call();
    await world.clock.advance(999);
    expectWaiting(call);
    await world.clock.advance(1);
    expectSentAt(call, [1000]);
    expect(eventsOf(world.events, 'held')).toMatchObject([{ host: HOST, forMs: 1000, source: 'manual' }]);
    expect(eventsOf(world.events, 'released')).toEqual([]);
  });

  test('ends with release, in that very step', async () => {
    const world = worldOf({ defaults: { rate: perSecond(10), burst: 1 } });
    world.pace.hold(HOST, 30_000);
    const calls = [world.call(), world.call()];
    await world.clock.advance(500);
    world.pace.release(HOST);
    expect(world.lane()).toMatchObject({ inFlight: 1, queued: 1, holdMs: 0 });
    await world.clock.advance(100);
    expect(calls.map((call) => call.sentAt)).toEqual([[500], [600]]);
    expect(eventsOf(world.events, 'released')).toMatchObject([{ at: 500, host: HOST }]);
  });

  test('is only ever made longer', async () => {
    const world = worldOf();
    world.pace.hold(HOST, 1000);
    world.pace.hold(HOST, 10);
    expect(world.lane().holdMs).toBe(1000);
    world.pace.hold(HOST, 2000);
    expect(world.lane().holdMs).toBe(2000);
  });

  test('leaves those in flight alone', async () => {
    const world = worldOf();
    const call = world.call({ status: 200, afterMs: 100 });
    world.pace.hold(HOST, 1000);
    await world.clock.advance(100);
    expectAnswered(call);
  });

  test.each([-1, Number.NaN, '5', undefined])('of %j is refused by name', (ms) => {
    const world = worldOf();
    expect(() => world.pace.hold(HOST, ms as number)).toThrow(/hold: expected a number of milliseconds from 0/);
  });

  test('and a release of hosts that nobody called are harmless', () => {
    const world = worldOf();
    world.pace.release('nobody.test');
    world.pace.hold('early.test', 50);
    const call = world.call(hang, { url: 'https://EARLY.test/' });
    expectWaiting(call);
    expectSentAt(call, []);
  });
});
