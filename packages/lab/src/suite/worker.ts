import { parentPort, workerData } from 'node:worker_threads';
import { localRunner } from './compare.ts';
import { find } from './names.ts';
import { type Plan, resolvePlan } from './plan.ts';
import type { Job, JobReport } from './pool.ts';

// An engine makes an error for each attempt that times out. Nobody here reads their stacks, which cost more than the rest of it.
Error.stackTraceLimit = 0;

const resolved = resolvePlan(workerData as Plan);
const run = localRunner();

async function reportOn({ scenario, strategy, seed }: Job): Promise<JobReport> {
  try {
    const { scenarios, strategies } = await resolved;
    const result = await run(find('scenario', scenario, scenarios), find('strategy', strategy, strategies), seed);
    return { kind: 'done', result };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', async (job: Job) => {
  parentPort?.postMessage(await reportOn(job));
});
