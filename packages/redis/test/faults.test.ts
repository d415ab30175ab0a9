import { setTimeout as delay } from 'node:timers/promises';
import { perSecond } from '@paceline/core';
import { type RedisServer, redisProgram } from '@paceline/test-support';
import { excessOf } from '@paceline/test-support/windows';
import { describe, expect, test, vi } from 'vitest';
import { clients } from './clients.ts';
import { type Busy, busyEngine, LANE, sentWithin, statesOf } from './fleet.ts';
import { connected, ownPrefix, ownRedis } from './redis.ts';
import { type Way, wayTo } from './way.ts';

const program = await redisProgram();
const RATE = 200;
const BURST = 20;
const POLICY = { rate: perSecond(RATE), burst: BURST, queue: { maxWaitMs: Number.POSITIVE_INFINITY } };

/** Waiting calls are promised tokens for a quarter of a second, which a process that a busy machine stops spends late. */
const LATE = 0.25 * RATE;

/** Longest that a client takes to find its server again. */
const RECONNECT_MS = 8_000;

interface Play {
  readonly server: RedisServer;
  /** The engines' way to the server. */
  readonly way: Way;
  /** One saturated engine a client library. */
  readonly engines: readonly Busy[];
  command(...words: string[]): Promise<unknown>;
}

async function play(): Promise<Play> {
  const server = await ownRedis(program ?? '');
  const way = await wayTo(server.port);
  const prefix = ownPrefix();
  const connections = await Promise.all(Object.keys(clients).map((library) => connected(way.url, library)));
  const engines = connections.map(({ client }) => busyEngine(client, POLICY, { prefix }));
  const { command } = await connected(server.url);
  await delay(500);
  return { server, way, engines, command };
}

async function untilAll(state: string, engines: readonly Busy[], withinMs: number): Promise<void> {
  const wanted = engines.map(() => state);
  await vi.waitFor(() => expect(engines.map((engine) => engine.state())).toEqual(wanted), {
    timeout: withinMs,
    interval: 10,
  });
}

/**
 * Nothing failed, no window since `since` was too full, and the shared rate holds. Clients find their server again at
 * different times; until the last has, those that go by their share come on top.
 */
async function expectUnharmed(engines: readonly Busy[], since: 'the start' | 'now'): Promise<void> {
  const from = performance.now();
  await delay(700);
  const sent = sentWithin(engines, from, from + 700);
  expect(sent).toBeGreaterThan(0.7 * RATE - LATE);
  expect(sent).toBeLessThan(0.7 * RATE + LATE);
  expect(engines.flatMap(({ failed }) => failed)).toEqual([]);
  const times = engines.flatMap(({ sentAt }) => sentAt).filter((at) => since === 'the start' || at >= from);
  expect(excessOf(times, BURST, RATE / 1000)).toBeLessThan(LATE);
}

describe.skipIf(program === undefined)('engines with all four clients on one server', { timeout: 60_000 }, () => {
  test('survive its restart without the data', async () => {
    const { server, engines } = await play();
    const lostAt = performance.now();
    await server.kill();
    await untilAll('local', engines, 1_000);
    await delay(500);
    await server.start();
    await untilAll('shared', engines, RECONNECT_MS);
    const sharedAt = performance.now();
    const allowed = 1.2 * (RATE / 1000) * (sharedAt - lostAt);
    expect(sentWithin(engines, lostAt, sharedAt)).toBeLessThan(allowed + LATE);
    for (const engine of engines) expect(statesOf(engine)).toEqual(['local', 'shared']);
    await expectUnharmed(engines, 'now');
  });

  test('survive a failover: a replica is promoted', async () => {
    const { server, way, engines } = await play();
    const replica = await ownRedis(program ?? '', ['--replicaof', `127.0.0.1 ${server.port}`]);
    const { command } = await connected(replica.url);
    const isLinked = async (): Promise<void> =>
      expect(String(await command('INFO', 'replication'))).toContain('master_link_status:up');
    await vi.waitFor(isLinked, { timeout: 10_000, interval: 50 });
    await server.kill();
    await command('REPLICAOF', 'NO', 'ONE');
    way.target = replica.port;
    way.cut();
    await untilAll('shared', engines, RECONNECT_MS);
    await expectUnharmed(engines, 'now');
  });

  test('survive CLIENT PAUSE, and wait no longer than the bound', async () => {
    const { engines, command } = await play();
    const from = performance.now();
    await command('CLIENT', 'PAUSE', '1500', 'ALL');
    await untilAll('local', engines, 1_400);
    for (const { sentAt } of engines) expect(sentAt.filter((at) => at > from).length).toBeGreaterThan(0);
    await untilAll('shared', engines, 4_000);
    await expectUnharmed(engines, 'now');
  });

  test('survive cut connections', async () => {
    const { way, engines } = await play();
    way.cut();
    await delay(200);
    await untilAll('shared', engines, RECONNECT_MS);
    await expectUnharmed(engines, 'now');
  });

  test('do not notice SCRIPT FLUSH', async () => {
    const { engines, command } = await play();
    await command('SCRIPT', 'FLUSH');
    await expectUnharmed(engines, 'the start');
    for (const engine of engines) expect(statesOf(engine)).toEqual([]);
  });

  test('do not notice an eviction of the key', async () => {
    const { engines, command } = await play();
    const keys = await command('KEYS', '*');
    for (const key of Array.isArray(keys) ? keys : []) await command('DEL', String(key));
    await expectUnharmed(engines, 'the start');
    for (const engine of engines) expect(statesOf(engine)).toEqual([]);
  });

  test('go by their own share while it is slow, and do not come and go', async () => {
    const { way, engines } = await play();
    way.delayMs = 400;
    await untilAll('local', engines, 2_000);
    await delay(1_000);
    way.delayMs = 0;
    await untilAll('shared', engines, 4_000);
    for (const engine of engines) expect(statesOf(engine)).toEqual(['local', 'shared']);
    await expectUnharmed(engines, 'now');
  });

  test('learn of a hold, and of its end, within one lease', async () => {
    const { engines } = await play();
    const holds = (): number[] => engines.map(({ pace }) => pace.snapshot().lanes[0]?.holdMs ?? 0);
    engines[0]?.pace.hold(LANE, 5_000);
    await vi.waitFor(() => expect(Math.min(...holds())).toBeGreaterThan(0), { timeout: 1_000, interval: 10 });
    const from = performance.now();
    await delay(300);
    expect(sentWithin(engines, from, from + 300)).toBe(0);
    engines[1]?.pace.release(LANE);
    await vi.waitFor(() => expect(Math.max(...holds())).toBe(0), { timeout: 1_000, interval: 10 });
    await expectUnharmed(engines, 'the start');
  });
});

describe.skipIf(program === undefined)('a server that wants a password', () => {
  test('is never told to anybody, nor is the URL', async () => {
    const server = await ownRedis(program ?? '', ['--requirepass', 'sesame']);
    const { client } = await connected(`redis://:wrong-sesame@127.0.0.1:${server.port}`, 'ioredis 6');
    const busy = busyEngine(client, POLICY, { onOutage: 'refuse', prefix: ownPrefix() }, 1);
    await vi.waitFor(() => expect(busy.failed.length).toBeGreaterThan(0), { timeout: 5_000, interval: 10 });
    expect(statesOf(busy)).toEqual(['refusing']);
    const told = busy.failed.map((error) => (error instanceof Error ? [error.message, error.cause] : error));
    const all = JSON.stringify([busy.events, told, busy.pace.snapshot()]);
    expect(all).toContain('STORE_UNAVAILABLE');
    expect(all).not.toMatch(/sesame|secret|redis:|127\.0\.0\.1/);
  });
});
