import type { Run } from '../sim/simulate.ts';
import type { Figures, Metric, RunFacts } from './metric.ts';
import { FAST_MS, standardMetrics } from './metrics.ts';
import { optimalSuccesses } from './optimum.ts';

/** Figures have this many digits behind the point, so that files of them can be read and compared. */
const PRECISION = 10_000;

/**
 * The figures of a run; those that make no sense in its scenario are left out.
 *
 * @example
 * ```ts
 * import { measure, type Metric, scenarioNamed, simulate, standardMetrics, strategyNamed } from '@paceline/lab';
 *
 * const retries: Metric = {
 *   name: 'retries',
 *   title: 'retries',
 *   means: 'calls that needed more than one attempt',
 *   better: 'lower',
 *   unit: 'count',
 *   of: ({ run }) => run.calls.attempts.filter((count) => count > 1).length,
 * };
 * const run = await simulate(scenarioNamed('errors-20'), strategyNamed('jittered'), 1);
 * console.log(measure(run, [...standardMetrics, retries]));
 * ```
 */
export function measure(run: Run, metrics: readonly Metric[] = standardMetrics): Figures {
  const facts = factsOf(run);
  const figures: Record<string, number | null> = {};
  for (const { name, of } of metrics) {
    const value = of(facts);
    if (value !== undefined) figures[name] = value === null ? null : Math.round(value * PRECISION) / PRECISION;
  }
  return figures;
}

function factsOf(run: Run): RunFacts {
  const { calls, scenario } = run;
  const arrivals = { at: calls.arrivedAt, process: calls.process };
  const latencies = calls.settledAt
    .map((at, call) => (calls.succeeded[call] === 1 ? at - (calls.arrivedAt[call] ?? 0) : Number.NaN))
    .filter((ms) => !Number.isNaN(ms))
    .sort();
  return {
    run,
    latencies,
    attempts: calls.attempts.reduce((sum, each) => sum + each, 0),
    optimum: {
      successes: optimalSuccesses(scenario, arrivals, scenario.totalMs),
      fast: optimalSuccesses(scenario, arrivals, FAST_MS),
    },
  };
}
