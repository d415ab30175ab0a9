import type { PaceStore, StoreAsk, StoreReturn } from '@paceline/core';
import { memoryStore, virtualClock } from '@paceline/core/testing';
import { redisStore } from '@paceline/redis';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { clients } from './clients.ts';
import { anyRedis, connected, ownPrefix } from './redis.ts';

const redis = await anyRedis();
const url = redis?.url ?? '';
afterAll(() => redis?.stop());

const LANE = 'api.test:8443';

/** An ask for nothing, at a rate so slow that time does not count: about one token in three years. */
const ASK: StoreAsk = {
  holder: 'one',
  rates: [{ tokensPerMs: 1e-11, burst: 10 }],
  least: 0,
  waiting: 0,
  spare: 0,
  kept: 0,
  returned: 0,
  levels: undefined,
  isOverdrawn: false,
  leaseMs: 1_000,
  horizonMs: 250,
};

describe.skipIf(redis === undefined).each(Object.keys(clients))('a store by %s', (library) => {
  async function storeBy(): Promise<{ store: PaceStore; key: string; command(...words: string[]): Promise<unknown> }> {
    const { client, command } = await connected(url, library);
    const prefix = ownPrefix();
    return { store: redisStore(client, { prefix }), key: `${prefix}:{${LANE}}`, command };
  }

  test('grants, and takes back', async () => {
    const { store } = await storeBy();
    expect(await store.take(LANE, { ...ASK, least: 1, waiting: 4 })).toEqual({
      tokens: 4,
      levels: [10],
      processes: 1,
      holdMs: 0,
      released: 0,
    });
    await store.giveBack(LANE, { holder: 'one', tokens: 3, kept: 0, leaves: false });
    const { levels } = await store.take(LANE, { ...ASK, holder: 'two' });
    expect(levels[0]).toBeCloseTo(9, 6);
  });

  test('holds, never shorter, and releases', async () => {
    const { store } = await storeBy();
    await store.take(LANE, ASK);
    await store.hold(LANE, 60_000);
    await store.hold(LANE, 1_000);
    const held = await store.take(LANE, { ...ASK, least: 1, waiting: 1 });
    expect(held.tokens).toBe(0);
    expect(held.holdMs).toBeGreaterThan(59_000);
    await store.release(LANE);
    const free = await store.take(LANE, { ...ASK, least: 1, waiting: 1 });
    expect(free).toMatchObject({ tokens: 1, holdMs: 0 });
    expect(free.released).toBeGreaterThan(0);
  });

  test('keeps one key a lane, with a hash tag, nothing of the URL but the lane, and an expiry', async () => {
    const { store, key, command } = await storeBy();
    await store.take(LANE, { ...ASK, rates: [{ tokensPerMs: 0.01, burst: 1000 }], least: 1, waiting: 500 });
    expect(await command('PTTL', key)).toBeGreaterThan(49_000);
    expect(await command('PTTL', key)).toBeLessThanOrEqual(50_001);
    const fields = await command('HGETALL', key);
    const flat = Array.isArray(fields)
      ? fields.map(String)
      : Object.entries(fields as object)
          .flat()
          .map(String);
    const names = flat.filter((_, index) => index % 2 === 0).map((name) => name.replace(/^h:.*/, 'h:'));
    expect(names.sort()).toEqual(['at', 'h:', 'heldUntil', 'levels', 'rates', 'released', 'rememberUntil']);
    expect(flat.join(' ')).not.toContain('api.test');
  });

  test.each([
    ['a hold of a lane that nobody used', (store: PaceStore) => store.hold(LANE, 5_000)],
    ['a hold for ever', (store: PaceStore) => store.hold(LANE, Number.POSITIVE_INFINITY)],
    ['a release', (store: PaceStore) => store.release(LANE)],
    ['an ask without a rate', async (store: PaceStore) => void (await store.take(LANE, { ...ASK, rates: [] }))],
  ])('%s leaves no key without expiry', async (_name, use) => {
    const { store, key, command } = await storeBy();
    await use(store);
    expect(await command('PTTL', key)).toBeGreaterThan(0);
  });

  test('goes on after SCRIPT FLUSH', async () => {
    const { store, command } = await storeBy();
    await store.take(LANE, { ...ASK, least: 1, waiting: 1 });
    await command('SCRIPT', 'FLUSH');
    const { levels } = await store.take(LANE, ASK);
    expect(levels[0]).toBeCloseTo(9, 6);
  });

  test('after the key was evicted begins with what the asking process last saw', async () => {
    const { store, key, command } = await storeBy();
    await store.take(LANE, { ...ASK, least: 1, waiting: 9 });
    await command('DEL', key);
    const { levels } = await store.take(LANE, { ...ASK, levels: [1] });
    expect(levels[0]).toBeCloseTo(1, 6);
  });

  test('whose clock is set back makes nobody wait for the time to come again', async () => {
    const { store, key, command } = await storeBy();
    await store.hold(LANE, 1_000);
    await store.take(LANE, { ...ASK, rates: [{ tokensPerMs: 0.1, burst: 10 }] });
    const ahead = 10 * 60_000;
    for (const field of ['at', 'heldUntil']) {
      const value = Number(await command('HGET', key, field));
      await command('HSET', key, field, String(value + ahead));
    }
    const { holdMs } = await store.take(LANE, { ...ASK, rates: [{ tokensPerMs: 0.1, burst: 10 }] });
    expect(holdMs).toBeLessThanOrEqual(1_000);
    expect(await command('PTTL', key)).toBeLessThan(ahead);
  });
});

describe.skipIf(redis === undefined)('two stores on one client', () => {
  test('are two processes, and with other prefixes two fleets', async () => {
    const { client } = await connected(url);
    const prefix = ownPrefix();
    const [one, two] = [redisStore(client, { prefix }), redisStore(client, { prefix })];
    await one.take(LANE, ASK);
    expect(await two.take(LANE, ASK)).toMatchObject({ processes: 2 });
    expect(await redisStore(client, { prefix: ownPrefix() }).take(LANE, ASK)).toMatchObject({ processes: 1 });
  });
});

type Command = StoreAsk | StoreReturn | 'hold' | 'release';

/** Both do it, and grant the same. All commands of a play fit in its first second, in which nothing lapses. */
async function expectSame(near: PaceStore, far: PaceStore, command: Command): Promise<void> {
  if (command === 'hold') {
    await Promise.all([near.hold(LANE, 3_600_000), far.hold(LANE, 3_600_000)]);
  } else if (command === 'release') {
    await Promise.all([near.release(LANE), far.release(LANE)]);
  } else if ('tokens' in command) {
    await Promise.all([near.giveBack(LANE, command), far.giveBack(LANE, command)]);
  } else {
    const [expected, got] = [await near.take(LANE, command), await far.take(LANE, command)];
    expect(got.tokens).toBeCloseTo(expected.tokens, 6);
    expect(got.processes).toBe(expected.processes);
    expect(got.holdMs > 0).toBe(expected.holdMs > 0);
    expect(got.levels.length).toBe(expected.levels.length);
    for (const [index, level] of expected.levels.entries()) expect(got.levels[index]).toBeCloseTo(level, 6);
  }
}

describe.skipIf(redis === undefined)('the scripts', () => {
  const amount = fc.constantFrom(0, 0, 0.5, 1, 1, 2, 3, 7);
  const ask = fc.record({
    holder: fc.constantFrom('one', 'two', 'three'),
    rates: fc.constantFrom(
      [{ tokensPerMs: 1e-12, burst: 10 }],
      [
        { tokensPerMs: 1e-12, burst: 10 },
        { tokensPerMs: 2e-12, burst: 6 },
      ],
      [],
    ),
    least: fc.constantFrom(0, 0.5, 1),
    waiting: amount,
    spare: amount,
    kept: fc.constantFrom(0, 1, 2.5),
    returned: amount,
    levels: fc.constantFrom(undefined, [4, 3]),
    isOverdrawn: fc.boolean(),
  });
  const command = fc.oneof(
    { weight: 6, arbitrary: ask.map((one) => ({ ...ASK, ...one, waiting: Math.max(one.least, one.waiting) })) },
    {
      weight: 1,
      arbitrary: fc.record({
        holder: fc.constantFrom('one', 'two'),
        tokens: amount,
        kept: amount,
        leaves: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom('hold' as const, 'release' as const) },
  );

  test('decide as the store in memory does, ask for ask', async () => {
    const { client } = await connected(url);
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        const near = memoryStore({ clock: virtualClock({ startMs: 1e6 }) });
        const far = redisStore(client, { prefix: ownPrefix() });
        for (const one of commands) await expectSame(near, far, one);
      }),
      { numRuns: 60, seed: 2026 },
    );
  });
});

describe('what is no client, or no option', () => {
  test.each<[unknown, unknown, string]>([
    [{}, {}, 'TypeError: redisStore: expected a client of ioredis or node-redis'],
    [null, {}, 'TypeError: redisStore: expected a client of ioredis or node-redis'],
    [undefined, { prefx: 'a' }, 'TypeError: redisStore.prefx: unknown option; known are prefix, onOutage, timeoutMs'],
    [undefined, { prefix: '{a}' }, 'TypeError: redisStore.prefix: expected a string without braces, got {a}'],
    [undefined, { onOutage: 'wait' }, "TypeError: redisStore.onOutage: expected 'local', 'refuse' or 'open', got wait"],
    [undefined, { timeoutMs: 0 }, 'RangeError: redisStore.timeoutMs: expected a number above 0, got 0'],
  ])('%j with %j is refused', (client, options, message) => {
    const known = { evalsha: async () => undefined, eval: async () => undefined };
    let error: unknown;
    try {
      redisStore((client === undefined ? known : client) as never, options as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(String(error)).toBe(message);
  });
});
