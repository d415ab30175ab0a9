import { constant, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { followedClock } from './clocks.ts';
import { expectAtRest, expectSentAt } from './expect.ts';
import { hang, type World, worldOf } from './world.ts';

const at = (host: string): { readonly url: string } => ({ url: `https://${host}/` });
const hostsOf = (world: World): string[] => world.pace.snapshot().lanes.map((lane) => lane.host);

/** Calls that many hosts nobody called before, one after the other. */
async function flood(world: World, hosts: number): Promise<void> {
  for (let index = 0; index < hosts; index += 1) {
    world.call(200, at(`flood${index}.test`));
    await world.clock.settle();
  }
}

describe('a lane', () => {
  test.each([
    ['https://api.test', 'https://API.Test/path?query#hash'],
    ['https://api.test', 'https://api.test:443/'],
    ['http://api.test', 'http://api.test:80/'],
    ['https://api.test', 'https://user:secret@api.test/'],
    ['https://api.test', 'https://api.test./'],
    ['https://api.test', 'http://api.test/'],
    ['https://[::1]:8080', 'https://[0:0:0:0:0:0:0:1]:8080/'],
    ['https://xn--bcher-kva.test', 'https://bücher.test/'],
  ])('is shared by %s and %s (T26)', (one, other) => {
    const world = worldOf();
    world.call(hang, { url: one });
    world.call(hang, { url: other });
    expect(world.pace.snapshot().lanes).toMatchObject([{ inFlight: 2 }]);
  });

  test.each([
    ['https://api.test', 'https://api.test:8443/'],
    ['https://api.test', 'https://www.api.test/'],
    ['https://api.test', 'http://api.test:443/'],
  ])('is not shared by %s and %s', (one, other) => {
    const world = worldOf();
    world.call(hang, { url: one });
    world.call(hang, { url: other });
    expect(hostsOf(world)).toHaveLength(2);
  });

  test('goes by keyOf, and by the key of the call before that', () => {
    const world = worldOf({ keyOf: (url) => new URL(url).pathname });
    world.call(hang, { url: 'https://a.test/Tenant' });
    world.call(hang, { url: 'https://b.test/Tenant' });
    world.call(hang, { url: 'https://b.test/Tenant', options: { key: 'own' } });
    expect(hostsOf(world)).toEqual(['/Tenant', 'own']);
  });

  test('asks keyOf for every call: what it looks at may change between two calls to one URL', () => {
    let tenant = 'a';
    const world = worldOf({ keyOf: () => tenant });
    world.call(hang, at('api.test'));
    tenant = 'b';
    world.call(hang, at('api.test'));
    expect(hostsOf(world)).toEqual(['a', 'b']);
  });

  test('is held and released by its key, as keyOf spells it', () => {
    const world = worldOf({ keyOf: () => 'Tenant-A' });
    world.pace.hold('Tenant-A', 1000);
    expectSentAt(world.call(), []);
    world.pace.release('Tenant-A');
    expect(world.lane('Tenant-A')).toMatchObject({ holdMs: 0, queued: 0 });
  });

  test('takes the best of the policies: exact before wildcard, longer before shorter, the rest from the defaults', () => {
    const world = worldOf({
      defaults: { concurrency: 1, rate: perSecond(7) },
      hosts: {
        '*': { concurrency: 2 },
        '*.test': { concurrency: 3 },
        '*.api.test': { concurrency: 4 },
        'a.api.test': { concurrency: 5 },
        'a.api.test:8443': { concurrency: 6 },
      },
    });
    const expected = { 'x.other': 2, 'api.test': 3, 'b.api.test': 4, 'a.api.test': 5, 'a.api.test:8443': 6 };
    for (const host of Object.keys(expected)) world.call(hang, at(host));
    const lanes = world.pace.snapshot().lanes;
    expect(Object.fromEntries(lanes.map((lane) => [lane.host, lane.concurrency]))).toEqual(expected);
    for (const lane of lanes) expect(lane.buckets).toMatchObject([{ perSecond: 7 }]);
  });
});

describe('R12: lanes at rest are evicted over maxLanes', () => {
  test('a flood of hosts leaves no more than that', async () => {
    const world = worldOf({ maxLanes: 10 });
    await flood(world, 1000);
    expect(hostsOf(world)).toHaveLength(10);
    expect(hostsOf(world).at(-1)).toBe('flood999.test');
    await expectAtRest(world);
  });

  test('never a lane that is at work: queued, in flight or backing off', async () => {
    const world = worldOf({
      maxLanes: 2,
      defaults: { concurrency: 1, budget: false, retry: { backoff: constant(1000) } },
    });
    world.call(hang, at('flying.test'));
    world.call(hang, at('flying.test'));
    world.call(503, at('backing-off.test'));
    await world.clock.settle();
    await flood(world, 100);
    expect(hostsOf(world)).toEqual(expect.arrayContaining(['flying.test', 'backing-off.test']));
    expect(hostsOf(world).length).toBeLessThanOrEqual(3);
    expect(world.lane('flying.test')).toMatchObject({ inFlight: 1, queued: 1 });
  });

  test('never one that would forget something: a hold, spent tokens, a spent budget', async () => {
    const world = worldOf({
      maxLanes: 1,
      hosts: { 'spent.test': { rate: perSecond(1), burst: 10 }, 'retried.test': { retry: { backoff: constant(0) } } },
    });
    world.pace.hold('held.test', 60_000);
    world.call(200, at('spent.test'));
    world.call([503, 200], at('retried.test'));
    await world.clock.settle();
    await flood(world, 100);
    expect(hostsOf(world)).toEqual(expect.arrayContaining(['held.test', 'spent.test', 'retried.test']));
    await world.clock.advance(1000);
    await flood(world, 100);
    expect(hostsOf(world)).not.toContain('spent.test');
    await world.clock.advance(15_000);
    await flood(world, 100);
    expect(hostsOf(world)).not.toContain('retried.test');
    expect(hostsOf(world)).toContain('held.test');
    await world.clock.advance(60_000);
    await flood(world, 100);
    expect(hostsOf(world)).toEqual(['flood99.test']);
  });

  test.each([0, 1, 2, 3])(
    'not in the gap of %i promise steps between a backoff and the next attempt',
    async (steps) => {
      let isDone = false;
      const clock = followedClock(async () => {
        for (let step = 0; step < steps; step += 1) await undefined;
        if (isDone) return;
        isDone = true;
        for (let index = 0; index < 20; index += 1) world.call(hang, at(`other${index}.test`));
        lane = hostsOf(world).includes('retrying.test');
      });
      const world = worldOf({ clock, maxLanes: 1, defaults: { budget: false, retry: { backoff: constant(50) } } });
      let lane = false;
      const call = world.call([503, hang], at('retrying.test'));
      await clock.advance(50);
      expectSentAt(call, [0, 50]);
      expect(lane).toBe(true);
    },
  );

  test('a host that comes back after its eviction starts like any other', async () => {
    const world = worldOf({ maxLanes: 1, defaults: { rate: perSecond(1), burst: 1 } });
    world.call(200, at('a.test'));
    await world.clock.advance(1000);
    await flood(world, 1);
    await world.clock.advance(1000);
    const again = world.call(200, at('a.test'));
    expectSentAt(again, [2000]);
    expect(world.lane('a.test').counters.calls).toBe(1);
  });
});
