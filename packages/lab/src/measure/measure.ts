import type { Run } from '../sim/simulate.ts';
import type { CallTable } from '../sim/tally.ts';
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
  return figuresOf(factsOf(run), metrics);
}

/**
 * The figures of some of the processes of a run, against their share of the optimum; without those that are about the server.
 */
export function measurePart(
  run: Run,
  isPart: (process: number) => boolean,
  metrics: readonly Metric[] = standardMetrics,
): Figures {
  const calls = callsOf(run.calls, isPart);
  const { optimum, ...facts } = factsOf(run);
  const share = calls.arrivedAt.length / Math.max(1, run.calls.arrivedAt.length);
  return figuresOf(
    {
      ...facts,
      ...sumsOf(calls),
      run: { ...run, calls },
      optimum: { successes: optimum.successes * share, fast: optimum.fast * share },
    },
    metrics.filter(({ about }) => about !== 'server'),
  );
}

function figuresOf(facts: RunFacts, metrics: readonly Metric[]): Figures {
  const figures: Record<string, number | null> = {};
  for (const { name, of } of metrics) {
    const value = of(facts);
    if (value !== undefined) figures[name] = value === null ? null : Math.round(value * PRECISION) / PRECISION;
  }
  return figures;
}

function callsOf(calls: CallTable, isPart: (process: number) => boolean): CallTable {
  const isOwn = (_: number, call: number): boolean => isPart(calls.process[call] ?? 0);
  return {
    arrivedAt: calls.arrivedAt.filter(isOwn),
    process: calls.process.filter(isOwn),
    settledAt: calls.settledAt.filter(isOwn),
    succeeded: calls.succeeded.filter(isOwn),
    attempts: calls.attempts.filter(isOwn),
  };
}

function factsOf(run: Run): RunFacts {
  const { calls, scenario } = run;
  const arrivals = { at: calls.arrivedAt, process: calls.process };
  return {
    run,
    ...sumsOf(calls),
    optimum: {
      successes: optimalSuccesses(scenario, arrivals, scenario.totalMs),
      fast: optimalSuccesses(scenario, arrivals, FAST_MS),
    },
  };
}

function sumsOf(calls: CallTable): Pick<RunFacts, 'latencies' | 'attempts'> {
  const latencies = calls.settledAt
    .map((at, call) => (calls.succeeded[call] === 1 ? at - (calls.arrivedAt[call] ?? 0) : Number.NaN))
    .filter((ms) => !Number.isNaN(ms))
    .sort();
  return { latencies, attempts: calls.attempts.reduce((sum, each) => sum + each, 0) };
}
