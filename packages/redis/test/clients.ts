import type { RedisClient } from '@paceline/redis';
import * as ioredis6 from 'ioredis';
import * as ioredis5 from 'ioredis-5';
import * as nodeRedis6 from 'redis';
import * as nodeRedis5 from 'redis-5';

/** A client of some library, connected. */
export interface Connected {
  readonly client: RedisClient;
  /** Any command, for the tests' own use. */
  command(...words: string[]): Promise<unknown>;
  close(): void;
}

/** Connects, by library and major version. */
export const clients: Readonly<Record<string, (url: string) => Promise<Connected>>> = {
  'ioredis 5': async (url) => {
    const client = new ioredis5.Redis(url);
    client.on('error', ignore);
    return { client, command: (name = '', ...args) => client.call(name, ...args), close: () => client.disconnect() };
  },
  'ioredis 6': async (url) => {
    const client = new ioredis6.Redis(url);
    client.on('error', ignore);
    return { client, command: (name = '', ...args) => client.call(name, ...args), close: () => client.disconnect() };
  },
  'node-redis 5': async (url) => {
    const client = nodeRedis5.createClient({ url });
    client.on('error', ignore);
    await client.connect();
    return { client, command: (...words) => client.sendCommand(words), close: () => client.destroy() };
  },
  'node-redis 6': async (url) => {
    const client = nodeRedis6.createClient({ url });
    client.on('error', ignore);
    await client.connect();
    return { client, command: (...words) => client.sendCommand(words), close: () => client.destroy() };
  },
};

/** Clients report a lost connection by events as well as by the commands that fail. */
function ignore(): void {}
