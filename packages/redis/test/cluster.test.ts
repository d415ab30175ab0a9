import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { perSecond } from '@paceline/core';
import { type RedisClient, redisStore } from '@paceline/redis';
import { type RedisServer, redisProgram, startRedis } from '@paceline/test-support';
import { excessOf } from '@paceline/test-support/windows';
import * as ioredis from 'ioredis';
import * as nodeRedis from 'redis';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { busyEngine, LANE, statesOf } from './fleet.ts';
import { connected, ownPrefix } from './redis.ts';

const program = await redisProgram();
const nodes = program === undefined ? [] : await threeNodes(program);
afterAll(() => Promise.all(nodes.map((node) => node.stop())));

async function threeNodes(path: string): Promise<RedisServer[]> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'];
  return Promise.all([1, 2, 3].map(() => startRedis(path, settings)));
}

/** Gives each node a third of the slots, and lets them meet. */
async function form(): Promise<void> {
  const first = nodes[0]?.port ?? 0;
  for (const [index, { url }] of nodes.entries()) {
    const { command } = await connected(url);
    const [from, to] = [Math.ceil((index * 16_384) / 3), Math.ceil(((index + 1) * 16_384) / 3) - 1];
    await command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    if (index > 0) await command('CLUSTER', 'MEET', '127.0.0.1', String(first));
  }
  for (const { url } of nodes) {
    const { command } = await connected(url);
    await vi.waitFor(async () => expect(String(await command('CLUSTER', 'INFO'))).toContain('cluster_state:ok'), {
      timeout: 15_000,
      interval: 50,
    });
  }
}

const connect: Readonly<Record<string, () => Promise<RedisClient>>> = {
  ioredis: async () => {
    const cluster = new ioredis.Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    onTestFinished(() => cluster.disconnect());
    await once(cluster, 'ready');
    return cluster;
  },
  'node-redis': async () => {
    const cluster = nodeRedis.createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) });
    cluster.on('error', () => {});
    await cluster.connect();
    onTestFinished(() => cluster.destroy());
    return cluster;
  },
};

describe.skipIf(program === undefined)('a cluster of three nodes', () => {
  test('is one store, whichever client asks, and lanes are on all nodes', async () => {
    await form();
    const prefix = ownPrefix();
    const policy = { rate: perSecond(100), burst: 10, queue: { maxWaitMs: Number.POSITIVE_INFINITY } };
    const ready = await Promise.all(Object.values(connect).map((open) => open()));
    // Opens the connections to the node that has the lane.
    for (const client of ready) await redisStore(client, { prefix }).release(LANE);
    const engines = ready.map((client) => busyEngine(client, policy, { prefix }));
    await delay(300);
    const from = performance.now();
    await delay(1_500);
    const times = engines.flatMap(({ sentAt }) => sentAt);
    expect(engines.map(statesOf)).toEqual([[], []]);
    expect(excessOf(times, 10, 0.1)).toBeLessThan(10);
    expect(times.filter((at) => at >= from && at < from + 1_500).length).toBeGreaterThan(130);
    for (const { pace } of engines) for (let host = 0; host < 20; host += 1) pace.hold(`host-${host}.test`, 60_000);
    await delay(300);
    for (const { url } of nodes) {
      const { command } = await connected(url);
      const keys = (await command('KEYS', `${prefix}:*`)) as string[];
      expect(keys.length).toBeGreaterThan(1);
      for (const key of keys) expect(await command('PTTL', key)).toBeGreaterThan(0);
    }
  });
});
