import type { OnOutage } from '@paceline/core';

export interface RedisStoreOptions {
  /** Begins every key: `<prefix>:{<lane key>}`. Fleets that share nothing need different ones. @default 'paceline' */
  readonly prefix?: string;
  /**
   * What a lane does while the server does not answer: go on with this process's share of the rate (`local`), refuse the
   * calls that find no token with `STORE_UNAVAILABLE` (`refuse`), or send without a rate (`open`). @default 'local'
   */
  readonly onOutage?: OnOutage;
  /** Longest that a call waits for the server, in milliseconds; also how late an answer may be. @default 250 */
  readonly timeoutMs?: number;
}

const KNOWN: readonly string[] = ['prefix', 'onOutage', 'timeoutMs'] satisfies (keyof RedisStoreOptions)[];
const ON_OUTAGE: readonly unknown[] = ['local', 'refuse', 'open'] satisfies OnOutage[];

/** @throws TypeError, RangeError for a wrong option, by name. */
export function checkOptions({ prefix, onOutage, timeoutMs, ...others }: RedisStoreOptions): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(`redisStore.${unknown}: unknown option; known are ${KNOWN.join(', ')}`);
  }
  if (prefix !== undefined && (typeof prefix !== 'string' || /[{}]/.test(prefix))) {
    throw new TypeError(`redisStore.prefix: expected a string without braces, got ${String(prefix)}`);
  }
  if (onOutage !== undefined && !ON_OUTAGE.includes(onOutage)) {
    throw new TypeError(`redisStore.onOutage: expected 'local', 'refuse' or 'open', got ${String(onOutage)}`);
  }
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
    throw new RangeError(`redisStore.timeoutMs: expected a number above 0, got ${String(timeoutMs)}`);
  }
}
