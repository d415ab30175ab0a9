import type { ContentionCell } from '../contention/experiment.ts';
import { clientCounts, contenders, published } from '../contention/published.ts';
import { cellOf, type LayerEffect, type LayerStep, layerSteps, STEPS } from '../report/layers.ts';
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
  const steps = layerSteps(standardScenarios, cells);
  const rows = STEPS.slice(1).flatMap((to) => {
    const own = steps.filter((step) => step.to === to);
    return (own[0]?.effects ?? []).map(({ metric }, index) => [
      `${own[0]?.from ?? ''} → ${to}: ${metric.title}`,
      ...(['better', 'no difference', 'worse'] as const).map((verdict) =>
        String(withVerdict(own, index, verdict).length),
      ),
      withVerdict(own, index, 'worse').join(', ') || '–',
    ]);
  });
  return markdownTable(['layer and figure', 'better', 'no difference', 'worse', 'worse in'], rows);
}

function withVerdict(steps: readonly LayerStep[], effect: number, verdict: LayerEffect['verdict']): string[] {
  return steps.filter(({ effects }) => effects[effect]?.verdict === verdict).map(({ scenario }) => scenario.name);
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
