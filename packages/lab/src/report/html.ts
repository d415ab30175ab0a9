import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Cell, Spreads } from '../suite/compare.ts';
import { escaped, tag } from './element.ts';
import { formatSpread } from './format.ts';
import { heatTable } from './heat-table.ts';
import { cellOf } from './layers.ts';
import { layersSection } from './layers-section.ts';
import { loadChart } from './load-chart.ts';
import { REPORT_CSS } from './report-css.ts';
import type { ReportInput } from './report-input.ts';

const HEAT_METRICS: readonly string[] = ['score', 'goodput', 'attemptsPerCall', 'peakLoad', 'recoveryMs'];
const CHART_WIDTH = 1040;

/** The report as one HTML file that needs nothing else: no script, no font, no connection. */
export function renderReport(input: ReportInput): string {
  const body = [header(input), heatSection(input), layersSection(input), strategiesSection(input)];
  const scenarios = input.scenarios.map((scenario) => scenarioSection(scenario, input));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Paceline lab</title>
<style>${REPORT_CSS}</style>
</head>
<body>
${[...body, ...scenarios].join('\n')}
</body>
</html>
`;
}

function header({ scenarios, strategies, seeds, share }: ReportInput): string {
  const size = share === 1 ? '' : ` at ${share} of their size`;
  const note = `${scenarios.length} scenarios${size} under ${strategies.length} strategies with ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} (${seeds.join(', ')}). ${seeds.length === 1 ? '' : 'Figures are medians over the seeds, ± half their range. '}The engine is the real one, on virtual time; the servers are models. The same seeds give the same report.`;
  return `<header>${tag('h1', 'Paceline lab')}${tag('p', note)}</header>`;
}

function heatSection(input: ReportInput): string {
  const tables = HEAT_METRICS.flatMap((name) => {
    const metric = standardMetrics.find((each) => each.name === name);
    return metric === undefined ? [] : [heatTable(metric, input)];
  });
  return `<section>${tag('h2', 'Scenarios × strategies')}${tables.join('')}</section>`;
}

function strategiesSection({ strategies }: ReportInput): string {
  const rows = strategies.map(
    ({ name, title, does, told, source }) =>
      `<tr><th scope="row">${escaped(name)}</th><td><strong>${escaped(title)}</strong><br>${escaped(does)}</td><td>${escaped(told)}</td><td>${escaped(source ?? 'Paceline')}</td></tr>`,
  );
  return `<section>${tag('h2', 'What the strategies do, and what they are told')}<div class="scroll"><table class="text"><thead><tr><th scope="col">name</th><th scope="col">does</th><th scope="col">told</th><th scope="col">source</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function scenarioSection(scenario: Scenario, { cells, strategies }: ReportInput): string {
  const own = cells.filter((cell) => cell.scenario === scenario.name);
  const titleOf = (name: string): string => strategies.find((strategy) => strategy.name === name)?.title ?? name;
  return `<section class="scenario" id="${escaped(scenario.name)}">
${tag('h2', scenario.title)}${tag('p', scenario.models)}${tag('p', `Optimum: ${scenario.optimum}`)}
<p class="legend">Per second: <span class="attempts">attempts at the server</span> <span class="succeeded">calls that ended well</span> <span class="capacity">what the server can take</span></p>
<div class="scroll">${loadChart(scenario, own, { width: CHART_WIDTH, titleOf })}</div>
<div class="scroll"><table><thead><tr><th scope="col">strategy</th>${standardMetrics.map(titleCell).join('')}</tr></thead>
<tbody>${strategies.map(({ name }) => figuresRows(name, cellOf(own, scenario.name, name))).join('')}</tbody></table></div></section>`;
}

function titleCell({ title, means }: Metric): string {
  return `<th scope="col" title="${escaped(means)}">${escaped(title)}</th>`;
}

/** A strategy; of a fleet, each of its kinds below it. */
function figuresRows(strategy: string, cell: Cell | undefined): string {
  const parts = Object.entries(cell?.parts ?? {});
  return [
    figuresRow(strategy, cell?.figures),
    ...parts.map(([name, figures]) => figuresRow(`its ${name}`, figures)),
  ].join('');
}

function figuresRow(name: string, figures: Spreads | undefined): string {
  const tds = standardMetrics.map((metric) => `<td>${formatSpread(figures?.[metric.name], metric.unit)}</td>`);
  return `<tr><th scope="row">${escaped(name)}</th>${tds.join('')}</tr>`;
}
