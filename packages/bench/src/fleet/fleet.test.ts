import { type RedisServer, redisProgram, startRedis } from '@paceline/test-support';
import { excessOf } from '@paceline/test-support/windows';
import { afterAll, describe, expect, test } from 'vitest';
import type { Demand } from './plan.ts';
import { play } from './play.ts';

const program = await redisProgram();
const redis = program === undefined ? undefined : await startRedis(program);
afterAll(() => redis?.stop());

const RATE = 200;
const BURST = 100;
const MS = 2_500;
const ALLOWED = BURST + (RATE * MS) / 1000;

/** Waiting calls are promised tokens for a quarter of a second, which a process that a busy machine stops spends late. */
const LATE = 0.25 * RATE;

describe.skipIf(redis === undefined)('worker processes with clocks minutes apart', { timeout: 60_000 }, () => {
  const rate = { limiter: 'Paceline', perSecond: RATE, burst: BURST, ms: MS } as const;

  test('never exceed their rate together, and use it', async () => {
    const demands: Demand[] = Array(4).fill({ pending: 50 });
    const { arrivals, workers } = await play({ ...rate, redis: redis as RedisServer, demands });
    expect(excessOf(arrivals, BURST, RATE / 1000)).toBeLessThan(0.01 * ALLOWED + LATE);
    expect(arrivals.length).toBeGreaterThan(0.9 * ALLOWED);
    for (const { failed, states, departures } of workers) {
      expect({ failed, states }).toEqual({ failed: 0, states: [] });
      expect(departures.length).toBeGreaterThan(ALLOWED / 8);
    }
  });

  test('leave to the busy one what the others do not use, at less than a round trip in ten', async () => {
    const demands: Demand[] = [{ pending: 100 }, { perSecond: 1 }, { perSecond: 1 }];
    const { arrivals, workers } = await play({ ...rate, redis: redis as RedisServer, demands });
    const [busy, ...quiet] = workers.map(({ departures }) => departures.length);
    const left = quiet.reduce((rest, calls) => rest - calls, ALLOWED);
    expect(busy).toBeGreaterThan(0.9 * left);
    expect(excessOf(arrivals, BURST, RATE / 1000)).toBeLessThan(0.01 * ALLOWED + LATE);
    expect(workers[0]?.trips).toBeLessThan(0.1 * (busy ?? 0));
  });
});
