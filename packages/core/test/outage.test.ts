import { perSecond } from '@paceline/core';
import { excessOf } from '@paceline/test-support/windows';
import { describe, expect, test } from 'vitest';
import { eventsOf, expectRefused } from './expect.ts';
import { type Fleet, fleetOf, laneOf, stream } from './fleet.ts';
import type { World } from './world.ts';

const RATE = { rate: perSecond(40), queue: { maxWaitMs: Number.POSITIVE_INFINITY } };

/** A process that loses the store, or finds it again, may have one token in hand that nobody counts. */
const TOKEN_EACH = 4;

/** A saturated fleet of four, one second old. */
async function busyFleet(options: Parameters<typeof fleetOf>[2] = {}): Promise<Fleet> {
  const fleet = fleetOf(4, RATE, options);
  for (const world of fleet.worlds) stream(world, 40, 20_000);
  await fleet.clock.advance(2_000);
  return fleet;
}

function first({ worlds }: Fleet): World {
  const [world] = worlds;
  if (world === undefined) throw new Error('no process');
  return world;
}

const states = (world: World): string[] =>
  eventsOf(world.events, 'store').map(({ state, reason }) => (reason === undefined ? state : `${state}: ${reason}`));

describe("a store that fails, with the outage policy 'local'", () => {
  test('is told in an event and in the snapshot, without what its client said', async () => {
    const fleet = await busyFleet();
    fleet.store.fault = 'fails';
    await fleet.clock.advance(1_000);
    for (const world of fleet.worlds) {
      expect(states(world)).toEqual(['local: failed']);
      expect(laneOf(world).store).toMatchObject({ state: 'local', processes: 4 });
      expect(JSON.stringify([world.events, world.pace.snapshot()])).not.toMatch(/secret|store\.test/);
    }
  });

  test('leaves each process its share of the rate', async () => {
    const fleet = await busyFleet();
    fleet.store.fault = 'fails';
    const from = fleet.clock.now() + 1_000;
    await fleet.clock.advance(6_000);
    for (const { calls } of fleet.worlds) {
      const sent = calls.flatMap(({ sentAt }) => sentAt).filter((at) => at > from);
      expect(sent.length).toBeGreaterThanOrEqual(49);
      expect(sent.length).toBeLessThanOrEqual(51);
    }
  });

  test('fails no call, keeps the fleet near its rate, and within one lease of its return the rate is whole again', async () => {
    const fleet = await busyFleet();
    const lostAt = fleet.clock.now();
    fleet.store.fault = 'fails';
    await fleet.clock.advance(5_000);
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    for (const world of fleet.worlds) {
      expect(states(world)).toEqual(['local: failed', 'shared']);
      expect(world.calls.filter(({ outcome }) => outcome?.kind === 'failed')).toEqual([]);
    }
    await fleet.clock.advance(5_000);
    const departures = fleet.departures();
    const during = departures.filter((at) => at > lostAt && at <= lostAt + 6_000);
    const after = departures.filter((at) => at > lostAt + 6_000);
    expect(during.length).toBeLessThan(1.2 * 40 * 6);
    expect(during.length).toBeGreaterThan(0.9 * 40 * 6);
    expect(excessOf(after, 4, 0.04)).toBe(0);
    expect(after.length).toBeGreaterThan(0.98 * 40 * 5);
    expect(excessOf(departures, 40, 0.04)).toBeLessThanOrEqual(TOKEN_EACH);
  });

  test('that comes back empty brings no second burst', async () => {
    const fleet = await busyFleet();
    fleet.store.fault = 'fails';
    await fleet.clock.advance(5_000);
    fleet.store.lose();
    fleet.store.fault = 'none';
    await fleet.clock.advance(5_000);
    expect(excessOf(fleet.departures(), 40, 0.04)).toBeLessThanOrEqual(TOKEN_EACH);
  });

  test('before it ever answered leaves each process the whole rate: of the others nothing is known', async () => {
    const fleet = fleetOf(1, { rate: perSecond(10) });
    fleet.store.fault = 'fails';
    for (let call = 0; call < 15; call += 1) first(fleet).call();
    await fleet.clock.advance(10);
    expect(fleet.departures()).toHaveLength(10);
    await fleet.clock.advance(500);
    expect(fleet.departures()).toHaveLength(15);
  });

  test('lets a call through that costs more than the share of the burst', async () => {
    const fleet = await busyFleet();
    const large = first(fleet).call(200, { options: { cost: 30, priority: 1 } });
    fleet.store.fault = 'fails';
    await fleet.clock.advance(10_000);
    expect(large.outcome?.kind).toBe('answered');
  });

  test('follows a policy that changes meanwhile', async () => {
    const fleet = await busyFleet();
    fleet.store.fault = 'fails';
    await fleet.clock.advance(1_000);
    for (const { pace } of fleet.worlds) pace.configure({ defaults: { rate: perSecond(80) } });
    const before = fleet.departures().length;
    await fleet.clock.advance(5_000);
    expect(fleet.departures().length - before).toBeGreaterThan(390);
    expect(fleet.departures().length - before).toBeLessThan(405);
  });

  test('is asked no more once its lane is not used, and again with the next call', async () => {
    const fleet = fleetOf(1, RATE);
    fleet.store.fault = 'fails';
    first(fleet).call();
    await fleet.clock.advance(60_000);
    const trips = fleet.store.trips;
    await fleet.clock.advance(60_000);
    expect(fleet.store.trips).toBe(trips);
    fleet.store.fault = 'none';
    first(fleet).call();
    await fleet.clock.advance(1_000);
    expect(states(first(fleet))).toEqual(['local: failed', 'shared']);
  });
});

describe('a store that does not answer', () => {
  test('is waited for no longer than the bound, by any call', async () => {
    const fleet = fleetOf(1, { rate: perSecond(100) }, { timeoutMs: 250 });
    fleet.store.fault = 'hangs';
    stream(first(fleet), 10, 2_000);
    await fleet.clock.advance(3_000);
    const waits = first(fleet).calls.map(({ sentAt }, index) => (sentAt[0] ?? Infinity) - index * 100);
    expect(Math.max(...waits)).toBe(250);
    expect(states(first(fleet))).toEqual(['local: timeout']);
  });

  test('and comes to, serves again; what it granted meanwhile is given back', async () => {
    const fleet = await busyFleet();
    fleet.store.fault = 'hangs';
    await fleet.clock.advance(5_000);
    fleet.store.resume();
    await fleet.clock.advance(1_000);
    for (const world of fleet.worlds) expect(states(world)).toEqual(['local: timeout', 'shared']);
    await fleet.clock.advance(5_000);
    expect(excessOf(fleet.departures(), 40, 0.04)).toBeLessThanOrEqual(TOKEN_EACH);
    expect(fleet.departures().length).toBeGreaterThan(0.95 * (40 + 13 * 40));
  });

  test('in time, answer after answer, is out until it is faster, and does not come and go', async () => {
    const fleet = await busyFleet();
    fleet.store.fault = { delayMs: 400 };
    await fleet.clock.advance(8_000);
    for (const world of fleet.worlds) expect(states(world).length).toBeLessThanOrEqual(1);
    expect(excessOf(fleet.departures(), 40, 0.04)).toBeLessThanOrEqual(TOKEN_EACH);
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_500);
    for (const world of fleet.worlds) expect(laneOf(world).store?.state).toBe('shared');
  });

  test('in time for those that wait, but in time for the lease, does no harm', async () => {
    const fleet = fleetOf(2, { rate: perSecond(1_000) }, { timeoutMs: 250 });
    for (const world of fleet.worlds) stream(world, 100, 2_000);
    await fleet.clock.advance(2_000);
    fleet.store.fault = { delayMs: 100 };
    for (const world of fleet.worlds) stream(world, 100, 5_000);
    await fleet.clock.advance(5_000);
    for (const world of fleet.worlds) {
      expect(states(world)).toEqual([]);
      expect(world.calls.slice(201).every(({ sentAt }) => sentAt.length === 1)).toBe(true);
    }
  });

  test('for a long time is given up and asked anew', async () => {
    const fleet = fleetOf(1, RATE);
    fleet.store.fault = 'hangs';
    stream(first(fleet), 5, 20_000);
    await fleet.clock.advance(5_000);
    // The answer never comes; the store works again.
    fleet.store.fault = 'none';
    await fleet.clock.advance(15_000);
    expect(states(first(fleet))).toEqual(['local: timeout', 'shared']);
  });
});

describe("with the outage policy 'refuse'", () => {
  test('calls that wait and calls that come are refused, until the store is back', async () => {
    const fleet = fleetOf(1, RATE, { onOutage: 'refuse' });
    fleet.store.fault = 'hangs';
    const waiting = first(fleet).call();
    await fleet.clock.advance(250);
    expectRefused(waiting, 'STORE_UNAVAILABLE', { retryAfterMs: 500 });
    const newcomer = first(fleet).call();
    await fleet.clock.advance(0);
    expectRefused(newcomer, 'STORE_UNAVAILABLE', { retryAfterMs: 500 });
    expect(states(first(fleet))).toEqual(['refusing: timeout']);
    fleet.store.resume();
    await fleet.clock.advance(1_000);
    const call = first(fleet).call();
    await fleet.clock.advance(10);
    expect(call.outcome?.kind).toBe('answered');
  });

  test('a lane without a rate has its calls wait for their slots all the same', async () => {
    const fleet = fleetOf(1, { concurrency: 1 }, { onOutage: 'refuse' });
    fleet.store.fault = 'fails';
    const calls = [1, 2, 3].map(() => first(fleet).call({ status: 200, afterMs: 50 }));
    await fleet.clock.advance(200);
    for (const call of calls) expect(call.outcome?.kind).toBe('answered');
  });

  test('what was leased is still spent', async () => {
    const fleet = fleetOf(1, { rate: perSecond(100) }, { onOutage: 'refuse' });
    stream(first(fleet), 50, 1_000);
    await fleet.clock.advance(1_000);
    fleet.store.fault = 'fails';
    first(fleet).pace.hold('other.test', 1);
    const leased = laneOf(first(fleet)).store?.leased ?? 0;
    expect(leased).toBeGreaterThan(1);
    const calls = Array.from({ length: Math.floor(leased) + 1 }, () => first(fleet).call());
    await fleet.clock.advance(10);
    expect(calls.filter(({ outcome }) => outcome?.kind === 'answered')).toHaveLength(Math.floor(leased));
    const [last] = calls.slice(-1);
    if (last !== undefined) expectRefused(last, 'STORE_UNAVAILABLE');
  });
});

test("with the outage policy 'open' nothing is limited, and the debt is told when the store is back", async () => {
  const fleet = fleetOf(1, { rate: perSecond(10) }, { onOutage: 'open' });
  fleet.store.fault = 'fails';
  for (let call = 0; call < 50; call += 1) first(fleet).call();
  await fleet.clock.advance(10);
  expect(fleet.departures()).toHaveLength(50);
  expect(states(first(fleet))).toEqual(['open: failed']);
  fleet.store.fault = 'none';
  for (let call = 0; call < 50; call += 1) first(fleet).call();
  await fleet.clock.advance(550);
  expect(states(first(fleet))).toEqual(['open: failed', 'shared']);
  const call = first(fleet).call();
  await fleet.clock.advance(40);
  expect(call.sentAt).toEqual([]);
});
