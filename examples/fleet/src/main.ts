import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalServer } from '@paceline/example-support';
import { firstOnPath, startRedis } from '@paceline/test-support';
import { serveQuota } from './quota-server.ts';

const program = await firstOnPath(['redis-server', 'valkey-server']);
if (program === undefined) {
  console.log('This needs redis-server or valkey-server on the PATH: apt-get install redis-server');
  process.exit();
}

const CLIENTS = ['axios', 'ky', 'fetch'];

const startWorker = (client: string, server: LocalServer, redisUrl: string): ChildProcess =>
  fork(new URL('./worker.ts', import.meta.url), [client, server.url, redisUrl], { execArgv: process.execArgv });

/** The server's view since request number `from`. */
function report(title: string, { seen }: LocalServer, from: number): void {
  const recent = seen.slice(from);
  const seconds = ((recent.at(-1)?.at ?? 0) - (recent[0]?.at ?? 0)) / 1000;
  const by = CLIENTS.map((client) => `${recent.filter(({ path }) => path === `/${client}`).length} by ${client}`);
  const refused = recent.filter(({ status }) => status === 429).length;
  const rate = Math.round(recent.length / seconds);
  console.log(`${title}: ${rate} requests a second (${by.join(', ')}), ${refused} turned away`);
}

/** Waits until the whole fleet is at work, then lets it work for `ms`. */
async function watch(title: string, server: LocalServer, ms: number, clients = CLIENTS): Promise<void> {
  const from = server.seen.length;
  const isThere = (client: string): boolean => server.seen.slice(from).some(({ path }) => path === `/${client}`);
  while (!clients.every(isThere)) await delay(50);
  const start = server.seen.length;
  await delay(ms);
  report(title, server, start);
}

const alone = await serveQuota();
const strangers = CLIENTS.map((client) => startWorker(client, alone, ''));
await watch('Without a store', alone, 1_000);
for (const worker of strangers) worker.kill();
alone.close();

const redis = await startRedis(program);
const shared = await serveQuota();
const workers = CLIENTS.map((client) => startWorker(client, shared, redis.url));
await watch('With the store', shared, 1_000);

workers[0]?.kill('SIGKILL');
await delay(500);
await watch('The axios worker was killed', shared, 1_000, ['ky', 'fetch']);

await redis.kill();
await delay(300);
await watch('Redis is gone', shared, 1_000, ['ky', 'fetch']);

await redis.start();
await delay(1_200);
await watch('Redis is back, empty', shared, 1_000, ['ky', 'fetch']);

for (const worker of workers) worker.kill();
await redis.stop();
shared.close();
