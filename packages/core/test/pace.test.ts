import { type HostPolicy, immediate, strategies } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { eventsOf } from './expect.ts';
import { HOST, hang, type Step, type World, worldOf } from './world.ts';

/** A world whose lanes have a pace, as they have by default. */
function pacedWorld(policy: HostPolicy = {}): World {
  return worldOf({ defaults: { pace: {}, ...policy } });
}

/** Calls at even gaps, of one script each. */
async function stream(world: World, script: Step | readonly Step[], count: number, everyMs: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    world.call(script);
    await world.clock.advance(everyMs);
  }
}

const once: HostPolicy = { retry: false };

describe('a healthy lane', () => {
  test('delays no call, however many come at once', async () => {
    const world = pacedWorld();
    for (let index = 0; index < 5_000; index += 1) world.call({ status: 200, afterMs: 50 });
    await world.clock.runAll();
    expect(world.departures).toHaveLength(5_000);
    expect(eventsOf(world.events, 'queued')).toEqual([]);
    expect(eventsOf(world.events, 'paced')).toEqual([]);
    expect(world.lane()).toMatchObject({ pace: null });
  });

  test('is not paced by what says nothing about load', async () => {
    const world = pacedWorld(once);
    await stream(world, 404, 10, 100);
    await stream(world, 500, 10, 100);
    await stream(world, { error: 'bad input', final: true }, 10, 100);
    expect(world.lane().pace).toBeNull();
  });

  test("is not paced by its callers' aborts, wherever they reach a call", async () => {
    const world = pacedWorld();
    const stop = new AbortController();
    for (let index = 0; index < 20; index += 1) world.call(hang, { signal: stop.signal });
    await world.clock.advance(60_000);
    stop.abort('given up');
    await world.clock.runAll();
    expect(world.lane()).toMatchObject({ pace: null, counters: { aborted: 20 } });
  });

  test('delays nobody for errors too few to be an overload', async () => {
    const world = pacedWorld({ retry: { backoff: immediate } });
    await stream(world, 200, 300, 20);
    for (let round = 0; round < 10; round += 1) {
      world.call([503, 200]);
      await stream(world, { status: 200, afterMs: 10 }, 99, 20);
    }
    const waits = eventsOf(world.events, 'admitted').map(({ waitedMs }) => waitedMs);
    expect(Math.max(...waits)).toBe(0);
  });
});

describe('an overloaded host', () => {
  test('is sent less and less, but never nothing', async () => {
    const world = pacedWorld(once);
    await stream(world, 503, 1_000, 50);
    const attempts = eventsOf(world.events, 'attempt');
    const late = attempts.filter(({ at }) => at > 40_000);
    expect(late.length).toBeGreaterThanOrEqual(15);
    expect(late.length).toBeLessThanOrEqual(21);
    expect(world.lane().pace).toMatchObject({ inFlight: 1, badness: expect.closeTo(1, 2) });
    expect(world.lane().pace?.perSecond).toBeCloseTo(2, 0);
  });

  test('that is well again is sent all of it again, and then nothing is limited', async () => {
    const world = pacedWorld(once);
    await stream(world, 503, 400, 50);
    await stream(world, { status: 200, afterMs: 20 }, 600, 50);
    const last = eventsOf(world.events, 'paced').at(-1);
    expect(last).toMatchObject({ reason: 'answered', perSecond: null, inFlight: null });
    expect(world.lane().pace).toBeNull();
    const admitted = eventsOf(world.events, 'admitted').filter(({ at }) => at > 40_000);
    expect(admitted.every(({ waitedMs }) => waitedMs === 0)).toBe(true);
  });

  test('is told of by events that name reason and limits, each one a change', async () => {
    const world = pacedWorld(once);
    await stream(world, 200, 20, 100);
    await stream(world, 503, 5, 100);
    const events = eventsOf(world.events, 'paced');
    expect(events[0]).toMatchObject({ host: HOST, reason: 'refused', inFlight: 32 });
    expect(events[0]?.perSecond).toBeGreaterThan(20);
    expect(new Set(events.map(({ perSecond, inFlight }) => `${perSecond}/${inFlight}`)).size).toBe(events.length);
    const last = events.at(-1);
    expect(world.lane().pace).toMatchObject({ perSecond: last?.perSecond, inFlight: last?.inFlight });
  });

  test('sends the newest call first once the oldest has waited a tenth of its patience, and nobody is refused for it', async () => {
    const world = pacedWorld({ ...once, timeouts: { totalMs: 10_000 } });
    await stream(world, 503, 200, 50);
    const from = world.calls.length;
    await stream(world, 503, 100, 50);
    const order = eventsOf(world.events, 'attempt').filter(({ call }) => call > from);
    const waits = order.map(({ at, call }) => at - (call - 1) * 50);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
    expect(eventsOf(world.events, 'refused').filter(({ code }) => code !== 'TOTAL_TIMEOUT')).toEqual([]);
  });

  test('serves a batch to its last call', async () => {
    const world = pacedWorld({ retry: { backoff: immediate, maxRetries: Infinity } });
    for (let index = 0; index < 20; index += 1) world.call([503, 503, 200]);
    await world.clock.runAll();
    expect(world.calls.every(({ outcome }) => outcome?.kind === 'answered' && outcome.status === 200)).toBe(true);
  });

  test('that nobody has called for a while is a new one', async () => {
    const world = pacedWorld(once);
    await stream(world, 503, 200, 50);
    await world.clock.advance(70_000);
    expect(world.lane().pace).not.toBeNull();
    for (let index = 0; index < 50; index += 1) world.call(200);
    await world.clock.advance(0);
    expect(world.lane().pace).toBeNull();
    expect(eventsOf(world.events, 'paced').at(-1)).toMatchObject({ reason: 'lapsed', perSecond: null });
    expect(
      eventsOf(world.events, 'attempt')
        .slice(-50)
        .every(({ at }) => at === world.clock.now()),
    ).toBe(true);
  });

  test('takes an attempt that the deadline of its call cut short for silence only if it ran much longer than usual', async () => {
    const silent = pacedWorld();
    await stream(silent, { status: 200, afterMs: 100 }, 20, 200);
    silent.call(hang, { options: { totalMs: 250 } });
    await silent.clock.advance(1_000);
    expect(silent.lane().pace).toBeNull();
    silent.call(hang, { options: { totalMs: 500 } });
    await silent.clock.advance(1_000);
    expect(silent.lane().pace).not.toBeNull();
  });

  test('is not slowed down below what the policy says', async () => {
    const world = pacedWorld({ ...once, pace: { minPerSecond: 5 } });
    await stream(world, 503, 400, 50);
    expect(world.lane().pace?.perSecond).toBe(5);
  });

  test('is sent everything at once when the policy turns the pace off', async () => {
    const world = pacedWorld(once);
    await stream(world, 503, 200, 50);
    expect(world.lane().queued).toBeGreaterThan(5);
    world.pace.configure({ defaults: { pace: false } });
    expect(world.lane()).toMatchObject({ queued: 0, pace: null });
    expect(eventsOf(world.events, 'paced').at(-1)).toMatchObject({ reason: 'policy', perSecond: null });
  });

  test('refuses at once whose turn cannot come in time at this pace', async () => {
    const world = pacedWorld({ ...once, queue: { maxWaitMs: 1e6 } });
    await stream(world, 503, 400, 50);
    const { pace } = world.lane();
    const late = world.call(200, { options: { maxWaitMs: 10 } });
    await world.clock.advance(0);
    expect(late.outcome).toMatchObject({ error: { code: 'QUEUE_TIMEOUT' } });
    expect(pace?.perSecond).toBeLessThan(3);
  });
});

describe('429', () => {
  const [OK, BUSY] = [200, 429];

  test('puts a call back at the head of the line without counting against maxRetries', async () => {
    const world = pacedWorld({ retry: { maxRetries: 1 } });
    const call = world.call([BUSY, BUSY, BUSY, BUSY, 503, OK]);
    await world.clock.runAll();
    expect(call.outcome).toMatchObject({ status: OK });
    expect(call.sentAt).toHaveLength(6);
    expect(eventsOf(world.events, 'retry').map(({ reason }) => reason)).toEqual([
      ...['throttled', 'throttled', 'throttled', 'throttled'],
      'status',
    ]);
  });

  test('is not sent again at once: the next attempt waits for a token of the pace', async () => {
    const world = pacedWorld();
    const call = world.call([BUSY, BUSY, OK]);
    await world.clock.runAll();
    const gaps = call.sentAt.slice(1).map((at, index) => at - (call.sentAt[index] ?? 0));
    expect(gaps[0]).toBeGreaterThan(500);
    expect(gaps[1]).toBeGreaterThan(gaps[0] ?? 0);
  });

  test('settles the call when its waits would come to more than maxWaitMs together', async () => {
    const world = pacedWorld({ queue: { maxWaitMs: 10_000 } });
    const call = world.call(BUSY);
    await world.clock.runAll();
    expect(call.outcome).toMatchObject({ kind: 'answered', status: BUSY });
    expect(call.settledAt).toBeLessThanOrEqual(10_000);
    expect(call.settledAt).toBeGreaterThan(5_000);
    expect(call.discarded).toEqual(call.answered.slice(0, -1));
    expect(eventsOf(world.events, 'settled')).toMatchObject([{ reason: 'out-of-time', status: BUSY }]);
  });

  test('counts waits that the server asked for, too', async () => {
    const world = pacedWorld({ queue: { maxWaitMs: 10_000 } });
    const call = world.call({ status: BUSY, headers: { 'retry-after': '6' } });
    await world.clock.runAll();
    expect(call.sentAt).toHaveLength(3);
    expect(call.outcome).toMatchObject({ status: BUSY });
  });

  test('is final for a call that is not to be retried', async () => {
    const world = pacedWorld();
    const call = world.call(BUSY, { options: { maxRetries: 0 } });
    await world.clock.runAll();
    expect(call.sentAt).toEqual([0]);
    expect(eventsOf(world.events, 'settled')).toMatchObject([{ reason: 'retries-exhausted' }]);
  });

  test('pays no budget, where there is one', async () => {
    const world = pacedWorld({ budget: { ratio: 0, minPerSecond: 0.1 } });
    const call = world.call([BUSY, BUSY, BUSY, 503, OK]);
    await world.clock.runAll();
    expect(call.outcome).toMatchObject({ status: OK });
  });
});

test('the strategies leave the pace to the last of them', () => {
  expect([strategies.simple, strategies.exponential, strategies.jittered].map(({ pace }) => pace)).toEqual([
    false,
    false,
    false,
  ]);
  expect(strategies.paced).toMatchObject({ pace: { minPerSecond: 0.25 }, budget: false });
});
