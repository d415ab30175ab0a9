import { measure, measurePart } from '../measure/measure.ts';
import type { Figures, Metric } from '../measure/metric.ts';
import { type Spread, spreadOf } from '../measure/statistics.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Run, simulate } from '../sim/simulate.ts';
import { memberOf } from '../strategy/fleet.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { type PlainCurves, plainCurves } from './plain-curves.ts';

/** One run's figures and curves, as plain JSON. */
export interface RunResult {
  readonly figures: Figures;
  /** Of each kind of process, by its name; of a fleet only. */
  readonly parts?: Readonly<Record<string, Figures>>;
  readonly curves: PlainCurves;
}

/** Figures over all seeds by the metric's name. */
export type Spreads = Readonly<Record<string, Spread>>;

/** A scenario under a strategy, over all seeds. */
export interface Cell {
  readonly scenario: string;
  readonly strategy: string;
  readonly figures: Spreads;
  /** Of each kind of process, by its name; of a fleet only. */
  readonly parts?: Readonly<Record<string, Spreads>>;
  /** Of the first seed. */
  readonly curves: PlainCurves;
}

export interface Comparison {
  readonly scenarios: readonly Scenario[];
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly number[];
  /** @default standardMetrics */
  readonly metrics?: readonly Metric[];
  /** Told after each run. */
  readonly onRun?: (done: number, of: number) => void;
  /** Who does the runs, each taking one at a time. @default this thread alone */
  readonly runners?: readonly Runner[];
}

/** Does one run of a comparison. */
export type Runner = (scenario: Scenario, strategy: Strategy, seed: number) => Promise<RunResult>;

/**
 * Runs every scenario under every strategy with every seed. The result depends on nothing but what is compared: not on the
 * runners, nor on the order in which they finish.
 *
 * @example
 * ```ts
 * import { compare, scenarioNamed, strategyNamed } from '@paceline/lab';
 *
 * const [cell] = await compare({
 *   scenarios: [scenarioNamed('metastable-slowdown')],
 *   strategies: [strategyNamed('jittered')],
 *   seeds: [1, 2, 3],
 * });
 * console.log(cell?.figures.recoveryMs?.median); // null: it never recovers
 * ```
 */
export async function compare(comparison: Comparison): Promise<Cell[]> {
  const { scenarios, strategies, seeds, onRun, runners = [localRunner(comparison.metrics)] } = comparison;
  const jobs = scenarios.flatMap((scenario) =>
    strategies.flatMap((strategy) => seeds.map((seed) => ({ scenario, strategy, seed }))),
  );
  const results = new Array<RunResult | undefined>(jobs.length).fill(undefined);
  const queue = jobs.entries();
  let done = 0;
  const work = async (run: Runner): Promise<void> => {
    for (const [index, { scenario, strategy, seed }] of queue) {
      results[index] = await run(scenario, strategy, seed);
      done += 1;
      onRun?.(done, jobs.length);
    }
  };
  await Promise.all(runners.map(work));
  return cellsOf(comparison, results);
}

/** Runs in this thread. */
export function localRunner(metrics?: readonly Metric[]): Runner {
  return async (scenario, strategy, seed) => {
    const run = await simulate(scenario, strategy, seed);
    const figures = measure(run, metrics);
    const curves = plainCurves(run.curves);
    return strategy.members === undefined
      ? { figures, curves }
      : { figures, parts: partsOf(run, strategy.members, metrics), curves };
  };
}

function partsOf(run: Run, members: readonly Strategy[], metrics?: readonly Metric[]): Record<string, Figures> {
  const names = [...new Set(members.map(({ name }) => name))];
  const isOf = (name: string) => (process: number) => memberOf(members, process).name === name;
  return Object.fromEntries(names.map((name) => [name, measurePart(run, isOf(name), metrics)]));
}

function cellsOf({ scenarios, strategies, seeds }: Comparison, results: readonly (RunResult | undefined)[]): Cell[] {
  const pairs = scenarios.flatMap((scenario) => strategies.map((strategy) => ({ scenario, strategy })));
  return pairs.flatMap(({ scenario, strategy }, index) => {
    const runs = results
      .slice(index * seeds.length, (index + 1) * seeds.length)
      .filter((result) => result !== undefined);
    const [first] = runs;
    if (first === undefined) return [];
    const figures = spreads(runs.map((run) => run.figures));
    const parts = partSpreads(runs.map((run) => run.parts).filter((each) => each !== undefined));
    const cell = { scenario: scenario.name, strategy: strategy.name, figures, curves: first.curves };
    return [parts === undefined ? cell : { ...cell, parts }];
  });
}

function partSpreads(parts: readonly Readonly<Record<string, Figures>>[]): Cell['parts'] {
  const [first] = parts;
  if (first === undefined) return undefined;
  return Object.fromEntries(Object.keys(first).map((name) => [name, spreads(parts.map((each) => each[name] ?? {}))]));
}

function spreads(figures: readonly Figures[]): Spreads {
  const names = Object.keys(figures[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, spreadOf(figures.map((each) => each[name] ?? null))]));
}
