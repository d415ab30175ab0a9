import { createPaceline, type Outcome } from '@paceline/core';
import { redisStore } from '@paceline/redis';
import Bottleneck from 'bottleneck';
import { Redis } from 'ioredis';
import { RateLimiterQueue, RateLimiterRedis } from 'rate-limiter-flexible';
import type { LimiterName, StateChange, WorkerPlan } from './plan.ts';

/** Lets tasks go at the fleet's rate. */
export interface Limiter {
  run(task: () => Promise<void>): Promise<void>;
  readonly states: readonly StateChange[];
  close(): Promise<void>;
}

const HOST = 'api.test';

export const limiters: Readonly<Record<LimiterName, (plan: WorkerPlan) => Limiter>> = {
  Paceline: (plan) => paceline(plan, new Redis(plan.redisUrl)),
  'Paceline, in memory': (plan) => paceline(plan, undefined),

  // Its bucket refills in steps of 250 ms at least.
  Bottleneck: ({ redisUrl, fleet, perSecond, burst }) => {
    const connection = new Bottleneck.IORedisConnection({ client: new Redis(redisUrl), Redis } as never);
    const limiter = new Bottleneck({
      id: fleet,
      connection,
      datastore: 'ioredis',
      Redis,
      reservoir: burst,
      reservoirIncreaseInterval: 250,
      reservoirIncreaseAmount: perSecond / 4,
      reservoirIncreaseMaximum: burst,
    } as Bottleneck.ConstructorOptions);
    return {
      run: (task) => limiter.schedule(task),
      states: [],
      close: () => connection.disconnect(false),
    };
  },

  // Fixed windows of a second; its queue is each process's own.
  'rate-limiter-flexible': ({ redisUrl, fleet, perSecond }) => {
    const storeClient = new Redis(redisUrl);
    const limiter = new RateLimiterRedis({ storeClient, keyPrefix: fleet, points: perSecond, duration: 1 });
    const queue = new RateLimiterQueue(limiter, { maxQueueSize: 1_000_000 });
    return {
      run: async (task) => {
        await queue.removeTokens(1, HOST);
        await task();
      },
      states: [],
      close: async () => storeClient.disconnect(),
    };
  },
};

function paceline({ fleet, perSecond, burst, clockAheadMs }: WorkerPlan, redis: Redis | undefined): Limiter {
  redis?.on('error', () => {});
  const states: StateChange[] = [];
  const pace = createPaceline({
    ...(redis === undefined ? {} : { store: redisStore(redis, { prefix: fleet }) }),
    clock: {
      now: () => performance.now() + clockAheadMs,
      wallNow: () => Date.now() + clockAheadMs,
      setTimer: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs);
        return { cancel: () => clearTimeout(timer), keepAlive: (on) => void (on ? timer.ref() : timer.unref()) };
      },
    },
    defaults: {
      rate: { limit: perSecond, perMs: 1000, burst },
      retry: false,
      queue: { maxLength: 1_000_000, maxWaitMs: Number.POSITIVE_INFINITY },
    },
  });
  pace.subscribe(({ state }) => states.push({ state, at: performance.timeOrigin + performance.now() }), ['store']);
  return {
    states,
    async run(task) {
      const send = async (): Promise<Outcome<undefined>> => {
        await task();
        return { kind: 'answered', status: 200, value: undefined, header: () => null, discard: () => {} };
      };
      const outcome = await pace.run({ url: `https://${HOST}/`, method: 'GET', replayable: true, send });
      if (outcome.kind === 'failed') throw outcome.error;
    },
    async close() {
      await pace.close();
      redis?.disconnect();
    },
  };
}
