import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { debianProgram } from './debian-program.ts';

/** A Redis or Valkey on a port of its own that keeps nothing on disk. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on its port, without its data. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Longest that a server may take to begin. */
const START_MS = 20_000;

/** Path of a Redis or Valkey server; undefined, with a word why, where there is none and none may be installed. */
export function redisProgram(): Promise<string | undefined> {
  return debianProgram({ program: 'redis-server', or: ['valkey-server'], tests: 'the store at a real Redis' });
}

/** Starts a server on a free loopback port; `settings` are added to its command line. */
export async function startRedis(program: string, settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-redis-'));
  const port = await freePort();
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  let child: ChildProcess | undefined;

  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      const ending = child;
      child = undefined;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      const exited = once(ending, 'exit');
      ending.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = spawn(program, [...fixed, ...settings], { stdio: 'ignore' });
      await answers(port);
    },
    async stop() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };

  await server.start();
  return server;
}

/** A port that was free a moment ago. Cluster nodes use the one 10 000 above as well, which has to be a port, too. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (typeof address === 'object' && address !== null && address.port < 55_000) return address.port;
  }
}

async function answers(port: number): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if (await ping(port)) return;
    await delay(20);
  }
  throw new Error(`Redis did not begin within ${START_MS} ms`);
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      // One with a password wants that first; one that still loads says so.
      resolve(/^(\+PONG|-NOAUTH)/.test(data.toString()));
    });
    socket.once('error', () => resolve(false));
  });
}
