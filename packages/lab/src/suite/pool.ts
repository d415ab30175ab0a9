import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Runner, RunResult } from './compare.ts';
import type { Plan } from './plan.ts';

/** What the helping thread is told: a plan first, then one job after another. */
export interface Job {
  readonly scenario: string;
  readonly strategy: string;
  readonly seed: number;
}

/** What it answers. */
export type JobReport =
  | { readonly kind: 'done'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string };

/** Runners for a plan, to be closed after use. */
export interface Pool {
  readonly runners: readonly Runner[];
  close(): Promise<void>;
}

const IS_SOURCE = import.meta.url.endsWith('.ts');

/** Threads that a machine can spare: a simulation keeps its core busy. */
function spareThreads(): number {
  return Math.max(2, availableParallelism() - 1);
}

/** So many threads beside this one, which is left to wait for them. */
export function openPool(plan: Plan, threads: number = spareThreads()): Pool {
  const workers = Array.from({ length: threads }, () => openWorker(plan));
  return {
    runners: workers.map(runnerOf),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function openWorker(plan: Plan): Worker {
  return new Worker(new URL(IS_SOURCE ? './worker.ts' : './worker.js', import.meta.url), {
    workerData: plan,
    execArgv: IS_SOURCE ? ['--conditions=@paceline/source'] : [],
  });
}

function runnerOf(worker: Worker): Runner {
  return async (scenario, strategy, seed) => {
    worker.postMessage({ scenario: scenario.name, strategy: strategy.name, seed } satisfies Job);
    const [report] = (await once(worker, 'message')) as [JobReport];
    if (report.kind === 'failed') throw new Error(report.message);
    return report.result;
  };
}
