import { createPaceline, perMinute, perSecond } from '@paceline/core';
import { memoryStore } from '@paceline/core/testing';
import { excessOf } from '@paceline/test-support/windows';
import { describe, expect, test } from 'vitest';
import { eventsOf, expectAnswered, expectAtRest, expectRefused, expectSentAt } from './expect.ts';
import { callAt, type Fleet, fleetOf, laneOf, stream, WAY_MS } from './fleet.ts';
import { HOST, hang, type World } from './world.ts';

const ROUND_TRIP_MS = 2 * WAY_MS;

/** The first two processes of a fleet. */
function pair({ worlds: [one, other] }: Fleet): [one: World, other: World] {
  if (one === undefined || other === undefined) throw new Error('a fleet of two');
  return [one, other];
}

describe('processes that share a rate', () => {
  test.each([
    ['all busy', 8, { rate: perSecond(200) }, [60, 60, 60, 60, 60, 60, 60, 60], 200, 0.2],
    ['one busy, seven quiet', 8, { rate: perSecond(200) }, [400, 2, 2, 2, 2, 2, 2, 2], 200, 0.2],
    ['ten with a hundred a minute', 10, { rate: perMinute(100) }, Array(10).fill(1), 100 / 60, 100 / 60_000],
    ['a burst of one', 4, { rate: perSecond(50), burst: 2 }, [20, 20, 20, 20], 2, 0.05],
  ])('%s: never exceed it together, and use it up', async (_name, size, policy, demand, burst, perMs) => {
    const ms = 6_000;
    const fleet = fleetOf(size, { ...policy, queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    for (const [index, world] of fleet.worlds.entries()) stream(world, demand[index] ?? 1, ms);
    await fleet.clock.advance(ms);
    const departures = fleet.departures();
    expect(excessOf(departures, burst, perMs)).toBeLessThan(0.3);
    expect(departures.length).toBeGreaterThanOrEqual(Math.floor(0.98 * (burst + perMs * ms)));
  });

  test('get equal parts where all want more', async () => {
    const fleet = fleetOf(4, { rate: perSecond(100), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    for (const world of fleet.worlds) stream(world, 200, 10_000);
    await fleet.clock.advance(10_000);
    const parts = fleet.worlds.map(({ calls }) => calls.filter(({ sentAt }) => sentAt.length > 0).length);
    expect(Math.max(...parts)).toBeLessThan(1.15 * Math.min(...parts));
  });

  test('leave to the busy one what the quiet ones do not use', async () => {
    const fleet = fleetOf(8, { rate: perSecond(100), burst: 10, queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    for (const [index, world] of fleet.worlds.entries()) stream(world, index === 0 ? 300 : 1, 10_000);
    await fleet.clock.advance(10_000);
    const [busy, ...quiet] = fleet.worlds.map(({ calls }) => calls.filter(({ sentAt }) => sentAt.length > 0).length);
    const left = 10 + 100 * 10 - quiet.reduce((sum, calls) => sum + calls, 0);
    expect(busy).toBeGreaterThanOrEqual(0.95 * left);
  });

  test('with several rates keep all of them', async () => {
    const fleet = fleetOf(3, {
      rate: [perSecond(20), perMinute(300, { burst: 50 })],
      queue: { maxWaitMs: Number.POSITIVE_INFINITY },
    });
    for (const world of fleet.worlds) stream(world, 20, 20_000);
    await fleet.clock.advance(20_000);
    const departures = fleet.departures();
    expect(excessOf(departures, 20, 0.02)).toBeLessThan(0.1);
    expect(excessOf(departures, 50, 0.005)).toBeLessThan(0.1);
    expect(departures.length).toBeGreaterThanOrEqual(147);
  });

  test('keep their slots to themselves', async () => {
    const fleet = fleetOf(2, { concurrency: 1 });
    for (const world of fleet.worlds) for (let call = 0; call < 2; call += 1) world.call(hang);
    await fleet.clock.advance(10);
    expect(fleet.departures()).toHaveLength(2);
  });
});

describe('a lease', () => {
  test('is fetched by the first call, which leaves in the step in which it comes', async () => {
    const fleet = fleetOf(1, { rate: perSecond(10) });
    const call = fleet.worlds[0]?.call();
    if (call === undefined) return;
    await fleet.clock.advance(ROUND_TRIP_MS);
    expectSentAt(call, [ROUND_TRIP_MS]);
  });

  test('serves all that wait, by one round trip', async () => {
    const fleet = fleetOf(1, { rate: perSecond(100) });
    const [world] = fleet.worlds;
    for (let call = 0; call < 50; call += 1) world?.call();
    await fleet.clock.advance(ROUND_TRIP_MS);
    expect(fleet.departures()).toEqual(Array(50).fill(ROUND_TRIP_MS));
  });

  test('lets calls go without a wait, at far less than a round trip in ten', async () => {
    const fleet = fleetOf(2, { rate: perSecond(4_000) });
    for (const world of fleet.worlds) stream(world, 1_000, 2_000);
    await fleet.clock.advance(1_000);
    const before = fleet.store.trips;
    await fleet.clock.advance(1_000);
    const late = fleet.worlds.flatMap(({ calls }) => calls.slice(1_000));
    for (const [index, { sentAt }] of late.entries()) expect(sentAt[0]).toBe(1_000 + (index % 1_000));
    expect(fleet.store.trips - before).toBeLessThan(0.1 * late.length);
  });

  test('goes back when the lane rests, and is the others', async () => {
    const fleet = fleetOf(2, { rate: perSecond(1), burst: 100 });
    const [one, other] = pair(fleet);
    stream(one, 40, 1_000);
    await fleet.clock.advance(1_000);
    expect(laneOf(one).store?.leased).toBeGreaterThan(0);
    await fleet.clock.advance(5_000);
    expect(laneOf(one).store?.leased).toBe(0);
    const before = fleet.departures().length;
    for (let call = 0; call < 100; call += 1) other.call();
    await fleet.clock.advance(100);
    // All that is left of the burst, and what the rate gave in 6 s.
    expect(fleet.departures().length - before).toBe(100 - 40 + 6);
  });

  test('goes back as the engine closes', async () => {
    const fleet = fleetOf(2, { rate: perMinute(1, { burst: 100 }) });
    const [one, other] = pair(fleet);
    stream(one, 40, 1_000);
    await fleet.clock.advance(1_000);
    const closed = one.pace.close();
    await fleet.clock.advance(ROUND_TRIP_MS);
    await closed;
    const before = fleet.departures().length;
    for (let call = 0; call < 60; call += 1) other.call();
    await fleet.clock.advance(100);
    expect(fleet.departures().length - before).toBe(60);
    expect(laneOf(other).store?.processes).toBe(1);
  });

  test('that a store does not take back does not keep an engine from closing', async () => {
    const fleet = fleetOf(1, { rate: perSecond(10) }, { timeoutMs: 250 });
    const [world] = fleet.worlds;
    stream(world as World, 10, 1_000);
    await fleet.clock.advance(1_000);
    fleet.store.fault = 'hangs';
    let isClosed = false;
    void world?.pace.close().then(() => {
      isClosed = true;
    });
    await fleet.clock.advance(249);
    expect(isClosed).toBe(false);
    await fleet.clock.advance(1);
    expect(isClosed).toBe(true);
    expect(fleet.clock.timers).toBe(0);
  });

  test('of a process that died is forgotten after two leases, as if it were spent', async () => {
    const fleet = fleetOf(1, { rate: perSecond(10), burst: 10 });
    const ask = {
      holder: 'dead',
      rates: [{ tokensPerMs: 0.01, burst: 10 }],
      least: 0,
      waiting: 0,
      spare: 4,
      kept: 0,
      returned: 0,
      levels: undefined,
      isOverdrawn: false,
      leaseMs: 1_000,
      horizonMs: 250,
    };
    expect(await settled(fleet, fleet.store.take(HOST, ask))).toMatchObject({ tokens: 4, levels: [10] });
    await fleet.clock.advance(1_900);
    expect(await settled(fleet, fleet.store.take(HOST, { ...ask, holder: 'other', spare: 0 }))).toMatchObject({
      levels: [6],
    });
    await fleet.clock.advance(2_000);
    expect(await settled(fleet, fleet.store.take(HOST, { ...ask, holder: 'other', spare: 0 }))).toMatchObject({
      levels: [10],
    });
  });

  test('promised to a call that gave up goes to the next, whichever process it is of', async () => {
    const fleet = fleetOf(2, { rate: perSecond(10), burst: 1 });
    const [one, other] = pair(fleet);
    const stop = new AbortController();
    one.call();
    one.call(200, { signal: stop.signal });
    one.call(200, { signal: stop.signal });
    await fleet.clock.advance(50);
    stop.abort();
    const call = other.call();
    await fleet.clock.advance(200);
    expect(call.sentAt[0]).toBeLessThanOrEqual(100 + 2 * ROUND_TRIP_MS);
    await fleet.clock.advance(5_000);
    for (const world of fleet.worlds) await expectAtRest(world);
  });

  test('keeps no process alive, a call that waits for one does (R16)', async () => {
    const fleet = fleetOf(1, { rate: perSecond(10), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    const [world] = fleet.worlds;
    fleet.store.fault = 'hangs';
    world?.call();
    await fleet.clock.advance(10);
    expect(fleet.clock.timers).toBe(1);
    fleet.store.resume();
    await fleet.clock.advance(10);
    expect(fleet.departures()).toHaveLength(1);
    expect(fleet.clock.timers).toBe(0);
  });

  test('makes room for a call that costs more than its part', async () => {
    const fleet = fleetOf(4, { rate: perSecond(10), burst: 8 });
    const large = fleet.worlds.map((world) => world.call(200, { options: { cost: 8 } }));
    await fleet.clock.advance(5_000);
    expect(large.map(({ sentAt }) => Math.round(sentAt[0] ?? -1))).toEqual([2, 802, 1602, 2402]);
  });

  test('is no place for a call to wait that may not wait', async () => {
    const fleet = fleetOf(1, { rate: perSecond(10), queue: { maxLength: 0 } });
    const [world] = fleet.worlds;
    const first = world?.call();
    await fleet.clock.advance(ROUND_TRIP_MS);
    const second = world?.call();
    await fleet.clock.advance(0);
    if (first === undefined || second === undefined) return;
    expectRefused(first, 'QUEUE_FULL');
    expectAnswered(second);
  });
});

describe('a policy that changes (R14)', () => {
  test('lets those that wait follow the new rate, and gives back what the old one gave', async () => {
    const fleet = fleetOf(2, { rate: perMinute(1, { burst: 1 }), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    for (const world of fleet.worlds) for (let call = 0; call < 5; call += 1) world.call();
    await fleet.clock.advance(1_000);
    expect(fleet.departures()).toHaveLength(1);
    for (const { pace } of fleet.worlds) pace.configure({ defaults: { rate: perSecond(10, { burst: 1 }) } });
    await fleet.clock.advance(1_000 + ROUND_TRIP_MS);
    expect(fleet.departures()).toHaveLength(10);
  });

  test('may lift the rate', async () => {
    const fleet = fleetOf(1, { rate: perMinute(1, { burst: 1 }), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    const [world] = fleet.worlds;
    for (let call = 0; call < 5; call += 1) world?.call();
    await fleet.clock.advance(100);
    world?.pace.configure({ defaults: { rate: perSecond(Number.POSITIVE_INFINITY) } });
    await fleet.clock.advance(10);
    expect(fleet.departures()).toHaveLength(5);
  });

  test('refuses a wait that could not end in time even if all the fleet stood back (R7)', async () => {
    const fleet = fleetOf(2, { rate: perMinute(6, { burst: 1 }), queue: { maxWaitMs: 5_000 } });
    const [one] = pair(fleet);
    one.call();
    await fleet.clock.advance(100);
    const late = one.call();
    await fleet.clock.advance(0);
    expectRefused(late, 'QUEUE_TIMEOUT');
  });
});

describe('a hold', () => {
  /** Two busy processes, of which one is told to wait for two seconds at 1 000 ms. */
  async function held(): Promise<Fleet> {
    const fleet = fleetOf(2, { rate: perSecond(100), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    for (const world of fleet.worlds) stream(world, 40, 1_000);
    await fleet.clock.advance(1_000);
    pair(fleet)[0].call({ status: 429, headers: { 'retry-after': '2' } });
    for (const world of fleet.worlds) stream(world, 40, 5_000);
    await fleet.clock.advance(10);
    return fleet;
  }

  test('is known to the other processes with their next lease', async () => {
    const fleet = await held();
    const [, other] = pair(fleet);
    await fleet.clock.advance(500);
    expect(laneOf(other).holdMs).toBeGreaterThan(1_400);
    expect(eventsOf(other.events, 'held')).toMatchObject([{ source: 'store' }]);
    const before = fleet.departures().length;
    await fleet.clock.advance(1_400);
    expect(fleet.departures()).toHaveLength(before);
    await fleet.clock.advance(1_000);
    expect(fleet.departures().length).toBeGreaterThan(before + 80);
  });

  test('leaves nothing that would go all at once when it ends', async () => {
    const fleet = await held();
    await fleet.clock.advance(6_000);
    expect(excessOf(fleet.departures(), 100, 0.1)).toBeLessThan(0.1);
  });

  test('is never made shorter by another process', async () => {
    const fleet = await held();
    const [one, other] = pair(fleet);
    await fleet.clock.advance(300);
    other.pace.hold(HOST, 100);
    await fleet.clock.advance(500);
    expect(laneOf(one).holdMs).toBeGreaterThan(1_100);
    expect(laneOf(other).holdMs).toBeGreaterThan(1_100);
  });

  test('that is ended by hand ends for all that wait', async () => {
    const fleet = await held();
    const [one, other] = pair(fleet);
    await fleet.clock.advance(300);
    const before = fleet.departures().length;
    one.pace.release(HOST);
    await fleet.clock.advance(1_000);
    expect(laneOf(other).holdMs).toBe(0);
    expect(eventsOf(other.events, 'released')).toHaveLength(1);
    expect(fleet.departures().length).toBeGreaterThan(before + 60);
  });

  test('ends when it should, however slow the way to the store is', async () => {
    const fleet = fleetOf(3, { rate: perSecond(100), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    fleet.store.fault = { delayMs: 200 };
    for (const world of fleet.worlds) stream(world, 40, 12_000);
    await fleet.clock.advance(1_000);
    pair(fleet)[0].pace.hold(HOST, 10_000);
    await fleet.clock.advance(11_000);
    for (const world of fleet.worlds) expect(laneOf(world).holdMs).toBe(0);
  });

  test('that the store has lost is told to it again', async () => {
    const fleet = await held();
    const [, other] = pair(fleet);
    fleet.store.lose();
    await fleet.clock.advance(1_000);
    expect(laneOf(other).holdMs).toBeGreaterThan(900);
  });

  test('is shared where nothing else is, without a wait for the store', async () => {
    const fleet = fleetOf(2, {});
    const [one, other] = pair(fleet);
    callAt(one, [0]);
    callAt(other, [0, 500, 1_000, 1_500]);
    await fleet.clock.advance(100);
    expect(fleet.departures()).toEqual([0, 0]);
    one.pace.hold(HOST, 60_000);
    await fleet.clock.advance(1_450);
    expect(laneOf(other).holdMs).toBeGreaterThan(58_000);
  });
});

describe('a store', () => {
  test('shows in the snapshot, and is null without one', async () => {
    const fleet = fleetOf(2, { rate: perSecond(10) });
    for (const world of fleet.worlds) world.call();
    await fleet.clock.advance(ROUND_TRIP_MS);
    for (const world of fleet.worlds) world.call();
    await fleet.clock.advance(ROUND_TRIP_MS);
    expect(laneOf(pair(fleet)[0])).toMatchObject({
      store: { state: 'shared', processes: 2 },
      buckets: [{ burst: 10, perSecond: 10 }],
    });
  });

  test('that is none is refused by name', () => {
    expect(() =>
      createPaceline({ store: { ...memoryStore({ clock: fleetOf(1, {}).clock }), take: undefined } as never }),
    ).toThrow('store: expected a store such as redisStore(client), got an object');
  });

  test('that lost everything begins where the processes left off, not with a second burst', async () => {
    const fleet = fleetOf(4, { rate: perSecond(20), queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    for (const world of fleet.worlds) stream(world, 20, 10_000);
    await fleet.clock.advance(5_000);
    fleet.store.lose();
    await fleet.clock.advance(5_000);
    // Whoever comes first does not know what the others were promised meanwhile: a quarter of a second's worth at most.
    expect(excessOf(fleet.departures(), 20, 0.02)).toBeLessThan(5);
    expect(fleet.departures().length).toBeGreaterThan(0.98 * 220);
  });

  test('has nothing to do with calls that are over: nobody waits, nothing is left', async () => {
    const fleet = fleetOf(3, { rate: perSecond(50) });
    for (const world of fleet.worlds) stream(world, 10, 3_000);
    await fleet.clock.advance(10_000);
    const trips = fleet.store.trips;
    await fleet.clock.advance(60_000);
    expect(fleet.store.trips).toBe(trips);
    for (const world of fleet.worlds) await expectAtRest(world);
  });
});

/** What a promise comes to, in virtual time. */
async function settled<T>({ clock }: Fleet, promise: Promise<T>): Promise<T> {
  await clock.advance(ROUND_TRIP_MS);
  return promise;
}
