import { type Cell, compare } from '../suite/compare.ts';
import { type Plan, type ResolvedPlan, resolvePlan } from '../suite/plan.ts';
import { openPool } from '../suite/pool.ts';
import { type ProgressOutput, progressBar } from '../terminal/progress.ts';

/** With fewer runs, starting threads costs more than it saves. */
const POOL_FROM_RUNS = 8;

/** What a plan came to. */
export interface PlanResults extends ResolvedPlan {
  readonly cells: readonly Cell[];
}

/**
 * Simulates a plan on as many threads as the machine can spare, or on so many, behind a progress bar.
 *
 * @throws UnknownNameError for a name that does not exist, InputError for a file that cannot be used.
 */
export async function runPlan(plan: Plan, progress: ProgressOutput, threads?: number): Promise<PlanResults> {
  const resolved = await resolvePlan(plan);
  const runs = resolved.scenarios.length * resolved.strategies.length * resolved.seeds.length;
  const bar = progressBar(progress, () => performance.now());
  const pool = runs < POOL_FROM_RUNS ? undefined : openPool(plan, threads);
  try {
    const runners = pool === undefined ? {} : { runners: pool.runners };
    return { ...resolved, cells: await compare({ ...resolved, onRun: bar.show, ...runners }) };
  } finally {
    bar.clear();
    await pool?.close();
  }
}
