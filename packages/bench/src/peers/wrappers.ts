import { createPaceline, type HostPolicy, type Paceline, type PaceOptions, perSecond } from '@paceline/core';
import { AsyncQueuer, AsyncRetryer } from '@tanstack/pacer';
import Bottleneck from 'bottleneck';
import { bulkhead, ExponentialBackoff, handleAll, retry, TimeoutStrategy, timeout, wrap } from 'cockatiel';
import { TokenBucket } from 'limiter';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import pThrottle from 'p-throttle';
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';

/** The work that is wrapped. */
export type Task = (signal?: AbortSignal) => Promise<unknown>;

/** A way to send a task: under a rate, a concurrency limit, with retries. */
export interface Wrapper {
  readonly name: string;
  /** What it does of these four: rate, slots, retry, timeout. */
  readonly does: string;
  /** A fresh instance whose limits never bind. */
  make(): (task: Task) => Promise<unknown>;
}

const ALWAYS = 1e9;

/** Paceline's door for adapters, with everything on. */
export function paced(
  pace: Paceline,
  extra: { signal?: AbortSignal; options?: PaceOptions } = {},
): (task: Task) => Promise<unknown> {
  return (task) =>
    pace.run({
      url: 'https://api.example.com/items',
      method: 'GET',
      replayable: true,
      send: ({ signal }) => task(signal) as Promise<typeof ANSWER>,
      ...extra,
    });
}

/** What every task resolves to. */
export const ANSWER: {
  kind: 'answered';
  status: number;
  value: number;
  header: () => null;
  discard: () => void;
} = { kind: 'answered', status: 200, value: 1, header: () => null, discard: () => {} };

const floor: Wrapper = { name: 'floor: `await task()`', does: '–', make: () => (task) => task() };

const everything: HostPolicy = { rate: perSecond(ALWAYS), concurrency: ALWAYS, budget: {} };

const paceline: Wrapper = {
  name: '**Paceline**',
  does: 'rate, slots, queue, retry, budget, pace, hints, figures',
  make: () => paced(createPaceline({ defaults: everything })),
};

/** What a pace costs that has nothing to do. */
const unpaced: Wrapper = {
  name: '**Paceline, `pace: false`**',
  does: 'the same without the pace',
  make: () => paced(createPaceline({ defaults: { ...everything, pace: false } })),
};

export const wrappers: readonly Wrapper[] = [
  floor,
  paceline,
  unpaced,
  {
    name: 'p-throttle + p-retry',
    does: 'rate, retry',
    make() {
      const send = pThrottle({ limit: ALWAYS, interval: 1000 })((task: Task) => pRetry(() => task(), { retries: 3 }));
      return (task) => send(task);
    },
  },
  {
    name: 'p-queue + p-retry',
    does: 'rate (window), slots, retry',
    make() {
      const queue = new PQueue({ concurrency: ALWAYS, interval: 1000, intervalCap: ALWAYS });
      return (task) => queue.add(() => pRetry(() => task(), { retries: 3 }));
    },
  },
  {
    name: 'limiter + cockatiel',
    does: 'rate, slots, retry',
    make() {
      const bucket = new TokenBucket({ bucketSize: ALWAYS, tokensPerInterval: ALWAYS, interval: 1000 });
      bucket.content = ALWAYS;
      const policy = wrap(bulkhead(ALWAYS), retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }));
      return async (task) => {
        await bucket.removeTokens(1);
        return policy.execute(() => task());
      };
    },
  },
  {
    name: 'cockatiel (retry + bulkhead + timeout)',
    does: 'slots, retry, timeout',
    make() {
      const policy = wrap(
        bulkhead(ALWAYS),
        retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
        timeout(10_000, TimeoutStrategy.Cooperative),
      );
      return (task) => policy.execute(() => task());
    },
  },
  {
    name: 'rate-limiter-flexible (queue)',
    does: 'rate (window)',
    make() {
      const limits = new RateLimiterQueue(new RateLimiterMemory({ points: ALWAYS, duration: 1 }));
      return async (task) => {
        await limits.removeTokens(1);
        return task();
      };
    },
  },
  {
    name: 'TanStack Pacer (AsyncQueuer + AsyncRetryer)',
    does: 'slots, retry',
    make() {
      const queuer = new AsyncQueuer((run: () => Promise<void>) => run(), { concurrency: ALWAYS, maxSize: Infinity });
      return (task) =>
        new Promise((resolve, reject) => {
          const retryer = new AsyncRetryer(task as () => Promise<unknown>, { maxAttempts: 4 });
          queuer.addItem(() => retryer.execute().then(resolve, reject));
        });
    },
  },
  {
    name: 'Bottleneck',
    does: 'rate (reservoir), slots',
    make() {
      const limits = new Bottleneck({ maxConcurrent: ALWAYS, reservoir: ALWAYS });
      return (task) => limits.schedule(() => task());
    },
  },
];
