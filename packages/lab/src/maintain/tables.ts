import type { ContentionCell } from '../contention/experiment.ts';
import { clientCounts, contenders, published } from '../contention/published.ts';
import { cellOf, layerSteps, layerSummaries } from '../report/layers.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import type { Cell } from '../suite/compare.ts';
import { markdownTable } from './markdown-table.ts';

/** Score of every scenario and strategy, and their mean and least. */
export function scoresTable(cells: readonly Cell[]): string {
  const scoreOf = (scenario: string, strategy: string): number =>
    cellOf(cells, scenario, strategy)?.figures.score?.median ?? Number.NaN;
  const columns = standardStrategies.map(({ name }) =>
    standardScenarios.map((scenario) => scoreOf(scenario.name, name)),
  );
  const rows = standardScenarios.map(({ name }, row) => [name, ...columns.map((scores) => fixed(scores[row]))]);
  const means = columns.map((scores) => fixed(scores.reduce((sum, score) => sum + score, 0) / scores.length));
  const least = columns.map((scores) => fixed(Math.min(...scores)));
  return markdownTable(
    ['', ...standardStrategies.map(({ name }) => name)],
    [...rows, ['**mean**', ...means], ['**least**', ...least]],
  );
}

/** In how many scenarios each layer helped, and where it did harm. */
export function layersTable(cells: readonly Cell[]): string {
  const rows = layerSummaries(layerSteps(standardScenarios, cells)).map(({ from, to, metric, better, same, worse }) => [
    `${from} → ${to}: ${metric.title}`,
    ...[better, same, worse].map(({ length }) => String(length)),
    worse.join(', ') || '–',
  ]);
  return markdownTable(['layer and figure', 'better', 'no difference', 'worse', 'worse in'], rows);
}

/** Ours and the published simulator's, side by side. */
export function contentionTable(cells: readonly ContentionCell[]): string {
  const rows = clientCounts.map((clients) => [
    String(clients),
    ...contenders.map(({ name }, index) => {
      const ours = cells.find((cell) => cell.clients === clients && cell.contender === name);
      const theirs = published[clients]?.[index];
      if (ours === undefined || theirs === undefined) return '–';
      const { calls, completionMs } = ours;
      return `${calls.toFixed(0)} (${theirs.calls}) / ${completionMs.toFixed(0)} (${theirs.completionMs})`;
    }),
  ]);
  return markdownTable(['clients', ...contenders.map(({ title }) => title)], rows);
}

function fixed(score: number | undefined): string {
  return (score ?? Number.NaN).toFixed(2);
}
