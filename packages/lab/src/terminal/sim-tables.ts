import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import { formatFigure, formatSpread } from '../report/format.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { Cell, Spreads } from '../suite/compare.ts';
import { tableLines } from './table.ts';

/** What a simulation came to, as far as a terminal shows it. */
export interface Simulated {
  readonly scenarios: readonly Scenario[];
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly number[];
  readonly cells: readonly Cell[];
}

/** A table for each scenario, with all figures; the kinds of a fleet stand under it. */
export function scenarioTables({ scenarios, seeds, cells }: Simulated): string {
  const header = ['', ...standardMetrics.map(({ title }) => title)];
  const rowOf = (name: string, figures: Spreads): string[] => [
    name,
    ...standardMetrics.map((metric) => formatSpread(figures[metric.name], metric.unit)),
  ];
  const tables = scenarios.map(({ name, title }) => {
    const rows = cells
      .filter((cell) => cell.scenario === name)
      .flatMap(({ strategy, figures, parts = {} }) => [
        rowOf(strategy, figures),
        ...Object.entries(parts).map(([part, ofPart]) => rowOf(`  its ${part}`, ofPart)),
      ]);
    return [`${name}: ${title}`, ...tableLines([header, ...rows]).map((line) => `  ${line}`), ''].join('\n');
  });
  return `${[...tables, noteOn(seeds)].join('\n')}\n`;
}

/** Scenario × strategy for each of the figures, with the mean and the worst of each strategy. */
export function figureTables(metrics: readonly Metric[], simulated: Simulated): string {
  return `${[...metrics.map((metric) => figureTable(metric, simulated)), noteOn(simulated.seeds)].join('\n')}\n`;
}

function figureTable(metric: Metric, { scenarios, strategies, cells }: Simulated): string {
  const rows = scenarios.map(({ name }) => ({
    name,
    medians: strategies.map(
      (strategy) =>
        cells.find((cell) => cell.scenario === name && cell.strategy === strategy.name)?.figures[metric.name]?.median,
    ),
  }));
  const columns = strategies.map((_, column) => rows.flatMap(({ medians }) => medians[column] ?? []));
  const textOf = (value: number | null | undefined): string => formatFigure(value, metric.unit);
  return [
    `${metric.title}: ${metric.means}`,
    ...tableLines([
      ['', ...strategies.map(({ name }) => name)],
      ...rows.map(({ name, medians }) => [name, ...medians.map(textOf)]),
      ['mean', ...columns.map((values) => textOf(meanOf(values)))],
      ['worst', ...columns.map((values) => textOf(worstOf(metric, values)))],
    ]).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** Of those that came to a number at all. */
function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function worstOf({ better }: Metric, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return better === 'higher' ? Math.min(...values) : Math.max(...values);
}

function noteOn(seeds: readonly number[]): string {
  return seeds.length === 1 ? `Seed ${String(seeds[0])}.` : `Medians of ${seeds.length} seeds, ± half their range.`;
}
