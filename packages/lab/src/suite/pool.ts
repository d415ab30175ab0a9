import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { localRunner, type Runner, type RunResult } from './compare.ts';
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

/** This thread and one more: a simulation keeps its core busy, and a machine has other things to do. */
export function openPool(plan: Plan): Pool {
  const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url), {
    workerData: plan,
  });
  const remote: Runner = async (scenario, strategy, seed) => {
    worker.postMessage({ scenario: scenario.name, strategy: strategy.name, seed } satisfies Job);
    const [report] = (await once(worker, 'message')) as [JobReport];
    if (report.kind === 'failed') throw new Error(report.message);
    return report.result;
  };
  return {
    runners: [localRunner(), remote],
    close: async () => {
      await worker.terminate();
    },
  };
}
