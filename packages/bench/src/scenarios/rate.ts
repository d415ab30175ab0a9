import { createHook } from 'node:async_hooks';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPaceline, perSecond } from '@paceline/core';
import Bottleneck from 'bottleneck';
import { TokenBucket } from 'limiter';
import PQueue from 'p-queue';
import pThrottle from 'p-throttle';
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import { digits } from '../measure/summary.ts';
import { ANSWER, paced, type Task } from '../peers/wrappers.ts';
import { atLeast, atMost, type Table, type Target } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

const PER_SECOND = 1000;
const BURST = 100;
const PACELINE = '**Paceline**';

interface Limiter {
  readonly name: string;
  readonly config: string;
  make(): (task: Task) => Promise<unknown>;
}

const limiters: readonly Limiter[] = [
  {
    name: PACELINE,
    config: 'rate 1000/s, burst 100',
    make: () => paced(createPaceline({ defaults: { rate: perSecond(PER_SECOND), burst: BURST } })),
  },
  {
    name: 'limiter TokenBucket',
    config: 'bucket 100, 1000/s',
    make() {
      const bucket = new TokenBucket({ bucketSize: BURST, tokensPerInterval: PER_SECOND, interval: 1000 });
      bucket.content = BURST;
      return async (task) => {
        await bucket.removeTokens(1);
        return task();
      };
    },
  },
  {
    name: 'p-queue',
    config: 'window 100 / 100 ms',
    make() {
      const queue = new PQueue({ interval: 100, intervalCap: BURST });
      return (task) => queue.add(() => task());
    },
  },
  {
    name: 'p-queue (strict)',
    config: 'sliding 100 / 100 ms',
    make() {
      const queue = new PQueue({ interval: 100, intervalCap: BURST, strict: true });
      return (task) => queue.add(() => task());
    },
  },
  {
    name: 'p-throttle',
    config: 'window 100 / 100 ms',
    make: () => pThrottle({ limit: BURST, interval: 100 })((task: Task) => task()),
  },
  {
    name: 'rate-limiter-flexible (queue)',
    config: 'window 100 / 100 ms',
    make() {
      const limits = new RateLimiterQueue(new RateLimiterMemory({ points: BURST, duration: 0.1 }));
      return async (task) => {
        await limits.removeTokens(1);
        return task();
      };
    },
  },
  {
    name: 'Bottleneck',
    config: 'minTime 1 ms, no burst',
    make() {
      const limits = new Bottleneck({ minTime: 1 });
      return (task) => limits.schedule(() => task());
    },
  },
];

/** A rate in real time: how much of it is used, and how much too much leaves at the worst moment. */
export async function rate(effort: Effort): Promise<readonly Table[]> {
  const calls = effort === 'quick' ? 300 : 1000;
  const rows: string[][] = [];
  const targets: Target[] = [];
  for (const { name, config, make } of limiters) {
    const { ms, over, timers, delayMs } = await run(make(), calls);
    const idealMs = ((calls - BURST) / PER_SECOND) * 1000;
    rows.push([name, config, digits(ms / idealMs), digits(over), String(timers), digits(delayMs)]);
    if (name !== PACELINE) continue;
    targets.push(
      atLeast('share of the allowed rate that is used', 0.99, idealMs / ms),
      // Less than one call is this measure's own error.
      atMost('calls beyond burst + rate · t at the worst moment', 1, over),
    );
  }
  return [
    {
      title: 'A rate, in real time',
      intro: `${calls} calls at ${PER_SECOND}/s with a burst of ${BURST}: one at once, the rest 90 ms later, where a limiter that counts by windows is about to begin a new one. Duration over (calls − burst) ÷ rate; the most that ever left beyond burst + rate · t; timers that were made; the worst delay of the event loop.`,
      columns: ['', 'set up as', 'duration ÷ ideal', 'over-admitted', 'timers made', 'event-loop delay p99, ms'],
      rows,
      targets,
      notes: [
        'Tokens are counted when they are granted, calls here when they begin, a moment later and not always the same: less than 1 over the bound is this measure’s own error.',
        'Under 1 a limiter is faster than the rate that it was given. Some have no burst, or cannot say 1000/s; how each was set up is in its row.',
      ],
    },
  ];
}

async function run(
  send: (task: Task) => Promise<unknown>,
  calls: number,
): Promise<{ ms: number; over: number; timers: number; delayMs: number }> {
  const left: number[] = [];
  const task: Task = async () => {
    left.push(performance.now());
    return ANSWER;
  };
  const timers = countTimers();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const all = [send(task)];
  await new Promise((resolve) => setTimeout(resolve, 90));
  const started = performance.now();
  for (let call = 1; call < calls; call += 1) all.push(send(task));
  await Promise.all(all);
  const ms = performance.now() - started;
  delay.disable();
  // One is the timer of this function.
  return { ms, over: overAdmitted(left), timers: timers.stop() - 1, delayMs: delay.percentile(99) / 1e6 };
}

/** Tries every window that begins with a call: how far the number in it exceeds burst + rate · t, at the worst. */
function overAdmitted(times: readonly number[]): number {
  let most = 0;
  // With f(i) = i − rate · t(i), the excess of a window from i to j is f(j) − f(i) + 1 − burst.
  let least = Infinity;
  for (const [index, at] of times.entries()) {
    const level = index - (PER_SECOND / 1000) * at;
    least = Math.min(least, level);
    most = Math.max(most, level - least + 1 - BURST);
  }
  return most;
}

function countTimers(): { stop(): number } {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'Timeout') count += 1;
    },
  });
  hook.enable();
  return {
    stop() {
      hook.disable();
      return count;
    },
  };
}
