import { standardMetrics } from '../measure/metrics.ts';
import { formatFigure, formatSpread } from '../report/format.ts';
import { cellOf } from '../report/layers.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import type { Cell } from '../suite/compare.ts';
import { find } from '../suite/names.ts';
import { markdownTable } from './markdown-table.ts';
import type { Results } from './results.ts';
import { contentionTable, layersTable, scoresTable } from './tables.ts';

/** `<!-- lab:what name -->` … `<!-- /lab -->`: a block; `<!--lab=scenario/strategy/figure-->` … `<!--/lab-->`: one figure. */
const BLOCK = /(<!-- lab:(\w+) ?([\w-]*) -->\n)[\s\S]*?(<!-- \/lab -->)/g;
const FIGURE = /(<!--lab=([\w-]+)\/([\w-]+)\/(\w+)-->)[\s\S]*?(<!--\/lab-->)/g;

const COLUMNS: readonly string[] = [
  'goodput',
  'fastGoodput',
  'attemptsPerCall',
  'wastedWork',
  'peakLoad',
  'recoveryMs',
  'lost',
];

/**
 * A page with its figures replaced by those of the results.
 *
 * @throws RangeError for a mark that asks for something that does not exist.
 */
export function filled(page: string, results: Results): string {
  return page
    .replace(BLOCK, (_all, start: string, what: string, name: string, end: string) => {
      return `${start}${block(what, name, results)}\n${end}`;
    })
    .replace(FIGURE, (_all, start: string, scenario: string, strategy: string, metric: string, end: string) => {
      return `${start}${figure(scenario, strategy, metric, results.cells)}${end}`;
    });
}

function block(what: string, name: string, { cells, contention }: Results): string {
  switch (what) {
    case 'scenario':
      return scenarioTable(name, cells);
    case 'scores':
      return scoresTable(cells);
    case 'layers':
      return layersTable(cells);
    case 'contention':
      return contentionTable(contention);
    default:
      throw new RangeError(`There is no block '${what}'. There are: scenario, scores, layers, contention`);
  }
}

function figure(scenario: string, strategy: string, name: string, cells: readonly Cell[]): string {
  find('scenario', scenario, standardScenarios);
  find('strategy', strategy, standardStrategies);
  const { unit } = find('figure', name, standardMetrics);
  return formatFigure(cellOf(cells, scenario, strategy)?.figures[name]?.median, unit);
}

function scenarioTable(scenario: string, cells: readonly Cell[]): string {
  find('scenario', scenario, standardScenarios);
  const metrics = COLUMNS.map((name) => find('figure', name, standardMetrics));
  const rows = standardStrategies.map(({ name }) => {
    const figures = cellOf(cells, scenario, name)?.figures;
    return [name, ...metrics.map((metric) => formatSpread(figures?.[metric.name], metric.unit))];
  });
  return markdownTable(['', ...metrics.map(({ title }) => title)], rows);
}
