/** A script as every server has to know it before it can be called by its digest. */
export interface Script {
  readonly source: string;
  /** SHA-1 of the source, in hexadecimal digits. */
  readonly sha1: string;
}

/** What the store uses of [ioredis](https://github.com/redis/ioredis) 5 or 6: a `Redis` or a `Cluster`. */
export interface IoredisClient {
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** What the store uses of [node-redis](https://github.com/redis/node-redis) 5 or 6: a client, a pool or a cluster. */
export interface NodeRedisClient {
  evalSha(sha1: string, options: EvalOptions): Promise<unknown>;
  eval(script: string, options: EvalOptions): Promise<unknown>;
}

export interface EvalOptions {
  keys: string[];
  arguments: string[];
}

/** A connected client of either kind. The store opens no connection and closes none. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Runs a script for one key. */
export type RunScript = (script: Script, key: string, args: string[]) => Promise<unknown>;

/** @throws TypeError for what is no client. */
export function scriptRunner(client: RedisClient): RunScript {
  if (isIoredis(client)) {
    return byDigest(
      (sha1, key, args) => client.evalsha(sha1, 1, key, ...args),
      (source, key, args) => client.eval(source, 1, key, ...args),
    );
  }
  if (isNodeRedis(client)) {
    return byDigest(
      (sha1, key, args) => client.evalSha(sha1, { keys: [key], arguments: args }),
      (source, key, args) => client.eval(source, { keys: [key], arguments: args }),
    );
  }
  throw new TypeError('redisStore: expected a client of ioredis or node-redis');
}

type Run = (scriptOrDigest: string, key: string, args: string[]) => Promise<unknown>;

/** Sends the source only to a server that does not know it: a new one, one that was promoted, one after SCRIPT FLUSH. */
function byDigest(runDigest: Run, runSource: Run): RunScript {
  return async ({ source, sha1 }, key, args) => {
    try {
      return await runDigest(sha1, key, args);
    } catch (error) {
      if (!isNoScript(error)) throw error;
      return runSource(source, key, args);
    }
  };
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function isIoredis(client: RedisClient): client is IoredisClient {
  return has(client, 'evalsha') && has(client, 'eval');
}

function isNodeRedis(client: RedisClient): client is NodeRedisClient {
  return has(client, 'evalSha') && has(client, 'eval');
}

/** The type promises more than a caller without types keeps. */
function has(client: unknown, method: string): boolean {
  return typeof client === 'object' && client !== null && typeof Reflect.get(client, method) === 'function';
}
