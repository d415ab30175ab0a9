import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RedisServer } from '@paceline/test-support';
import type { Demand, LimiterName, WorkerPlan, WorkerResult } from './plan.ts';

export interface FleetPlan {
  readonly limiter: LimiterName;
  readonly redis: RedisServer;
  readonly perSecond: number;
  readonly burst: number;
  readonly ms: number;
  /** One a process. */
  readonly demands: readonly Demand[];
  /** Whether requests go to a server; else tasks are done at once. @default true */
  readonly isOverHttp?: boolean;
  /** Something that happens while the fleet is at work. */
  meanwhile?(): Promise<void>;
}

export interface FleetResult {
  /** When requests arrived at the server, in milliseconds from the start. */
  readonly arrivals: readonly number[];
  readonly workers: readonly WorkerResult[];
}

let fleets = 0;

/** Lets worker processes loose on one server, and watches that. Their clocks are minutes apart. */
export async function play(plan: FleetPlan): Promise<FleetResult> {
  const arrivals: number[] = [];
  let startedAt = 0;
  const server = createServer((request, response) => {
    if (request.url === '/') arrivals.push(performance.now() - startedAt);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fleets += 1;
  const { port } = server.address() as AddressInfo;
  const workers = plan.demands.map((demand, index) =>
    start({
      limiter: plan.limiter,
      redisUrl: plan.redis.url,
      serverUrl: plan.isOverHttp === false ? undefined : `http://127.0.0.1:${port}`,
      fleet: `fleet-${process.pid}-${fleets}`,
      perSecond: plan.perSecond,
      burst: plan.burst,
      demand,
      ms: plan.ms,
      clockAheadMs: index * 7 * 60_000,
    }),
  );
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    startedAt = performance.now();
    const results = workers.map(({ go }) => go());
    await plan.meanwhile?.();
    return { workers: await Promise.all(results), arrivals: arrivals.filter((at) => at < plan.ms) };
  } finally {
    for (const { kill } of workers) kill();
    server.close();
    server.closeAllConnections();
  }
}

interface Worker {
  readonly ready: Promise<void>;
  go(): Promise<WorkerResult>;
  kill(): void;
}

function start(plan: WorkerPlan): Worker {
  const child = fork(new URL('./worker.ts', import.meta.url), [JSON.stringify(plan)], {
    execArgv: ['--conditions=@paceline/source'],
    // JSON has no NaN.
    serialization: 'advanced',
  });
  const message = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`a worker ended with ${code} before it had said what became of it`)),
      );
    });
  return {
    ready: message().then(() => {}),
    go() {
      const result = message();
      child.send('go');
      return result as Promise<WorkerResult>;
    },
    kill: () => void child.kill(),
  };
}
