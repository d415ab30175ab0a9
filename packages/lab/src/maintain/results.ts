import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { runPlan } from '../commands/run-plan.ts';
import { type ContentionCell, contentionExperiment } from '../contention/experiment.ts';
import type { Cell } from '../suite/compare.ts';
import type { Plan } from '../suite/plan.ts';

/** All that the documentation quotes. */
export interface Results {
  readonly cells: readonly Cell[];
  readonly contention: readonly ContentionCell[];
}

/** The standard suite: everything at full size, five times. */
const STANDARD: Plan = { scenarios: [], strategies: [], seeds: [1, 2, 3, 4, 5], share: 1 };

const TRIALS = 100;

/** Runs the standard suite and the contention experiment; with a file, takes them from there, or leaves them there. */
export async function standardResults(path: string | undefined): Promise<Results> {
  if (path !== undefined && existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as Results;
  const { cells } = await runPlan(STANDARD, process.stderr);
  const results: Results = { cells, contention: await contentionExperiment(TRIALS) };
  if (path !== undefined) await writeFile(path, JSON.stringify(results));
  return results;
}
