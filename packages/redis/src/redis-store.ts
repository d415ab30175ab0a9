import { createHash, randomUUID } from 'node:crypto';
import type { PaceStore, StoreAsk } from '@paceline/core';
import { type RedisClient, type Script, scriptRunner } from './client.ts';
import { checkOptions, type RedisStoreOptions } from './options.ts';
import { grantFrom } from './reply.ts';
import { GIVE_BACK } from './scripts/give-back.ts';
import { HOLD } from './scripts/hold.ts';
import { RELEASE } from './scripts/release.ts';
import { TAKE } from './scripts/take.ts';

/** Keys have to expire, so a hold for ever ends, for the others, after a year. */
const LONGEST_HOLD_MS = 365 * 24 * 3_600_000;

/**
 * A store that shares rates and holds between all processes that use the same Redis (6.2 or later) or Valkey, single or
 * cluster. One hash a lane, changed by scripts that go by the server's clock; every key expires.
 *
 * @throws TypeError for what is no client of ioredis or node-redis, or for an unknown or wrong option; RangeError for one
 * out of range.
 *
 * @example
 * ```ts
 * import { createPaceline, perMinute } from '@paceline/core';
 * import { redisStore } from '@paceline/redis';
 * import { Redis } from 'ioredis';
 *
 * const redis = new Redis('redis://localhost:6379');
 * const pace = createPaceline({
 *   store: redisStore(redis),
 *   hosts: { 'api.example.com': { rate: perMinute(100) } },
 * });
 * ```
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): PaceStore {
  checkOptions(options);
  const { prefix = 'paceline', onOutage = 'local', timeoutMs = 250 } = options;
  const run = scriptRunner(client);
  const keyOf = (lane: string): string => `${prefix}:{${lane}}`;
  // An engine's own name comes from its dice, which two processes may have seeded alike.
  const process = randomUUID();
  const scripts = {
    take: scriptOf(TAKE),
    giveBack: scriptOf(GIVE_BACK),
    hold: scriptOf(HOLD),
    release: scriptOf(RELEASE),
  };

  return {
    onOutage,
    timeoutMs,
    async take(lane, ask) {
      return grantFrom(await run(scripts.take, keyOf(lane), takeArguments(ask, process)));
    },
    async giveBack(lane, { holder, tokens, kept, leaves }) {
      const args = [nameOf(holder, process), String(tokens), String(kept), leaves ? '1' : '0'];
      await run(scripts.giveBack, keyOf(lane), args);
    },
    async hold(lane, ms) {
      await run(scripts.hold, keyOf(lane), [String(Math.min(ms, LONGEST_HOLD_MS))]);
    },
    async release(lane) {
      await run(scripts.release, keyOf(lane), []);
    },
  };
}

/** In the order in which the script reads them. */
function takeArguments(ask: StoreAsk, process: string): string[] {
  const rates = ask.rates.flatMap(({ tokensPerMs, burst }) => [tokensPerMs, burst]);
  const counts = [ask.leaseMs, ask.horizonMs, ask.least, ask.waiting, ask.spare, ask.kept, ask.returned];
  return [
    nameOf(ask.holder, process),
    ...counts.map(String),
    rates.join(' '),
    (ask.levels ?? []).join(' '),
    ask.isOverdrawn ? '1' : '0',
  ];
}

function nameOf(holder: string, process: string): string {
  return `${process}:${holder}`;
}

function scriptOf(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}
