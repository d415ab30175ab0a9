import { type RedisServer, redisProgram, startRedis } from '@paceline/test-support';
import { onTestFinished } from 'vitest';
import { type Connected, clients } from './clients.ts';

const outside = process.env.PACELINE_REDIS_URL;

/** A server to be used and not to be harmed: that of `PACELINE_REDIS_URL`, else one of our own; undefined if neither is there. */
export async function anyRedis(): Promise<{ readonly url: string; stop(): Promise<void> } | undefined> {
  if (outside !== undefined) return { url: outside, stop: async () => {} };
  const program = await redisProgram();
  return program === undefined ? undefined : startRedis(program);
}

/** A server that ends with the test. */
export async function ownRedis(program: string, settings?: readonly string[]): Promise<RedisServer> {
  const server = await startRedis(program, settings);
  onTestFinished(() => server.stop());
  return server;
}

/** A client that ends with the test. */
export async function connected(url: string, library = 'ioredis 6'): Promise<Connected> {
  const connect = clients[library];
  if (connect === undefined) throw new Error(`no library '${library}'`);
  const connection = await connect(url);
  onTestFinished(() => connection.close());
  return connection;
}

let prefixes = 0;

/** A key prefix that no other test uses, on a server that others may use as well. */
export function ownPrefix(): string {
  prefixes += 1;
  return `paceline-test-${process.pid}-${prefixes}`;
}
