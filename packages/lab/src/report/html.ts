import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Cell } from '../suite/compare.ts';
import { escaped, tag } from './element.ts';
import { formatFigure, formatSpread } from './format.ts';
import { heatTable } from './heat-table.ts';
import { cellOf, type LayerEffect, layerSteps, STEPS } from './layers.ts';
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
  const note = `${scenarios.length} scenarios${size} under ${strategies.length} strategies with ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} (${seeds.join(', ')}). Figures are medians over the seeds, ± half their range. The engine is the real one, on virtual time; the servers are models. The same seeds give the same report.`;
  return `<header>${tag('h1', 'Paceline lab')}${tag('p', note)}</header>`;
}

function heatSection(input: ReportInput): string {
  const tables = HEAT_METRICS.flatMap((name) => {
    const metric = standardMetrics.find((each) => each.name === name);
    return metric === undefined ? [] : [heatTable(metric, input)];
  });
  return `<section>${tag('h2', 'Scenarios × strategies')}${tables.join('')}</section>`;
}

function layersSection({ scenarios, cells }: ReportInput): string {
  const steps = layerSteps(scenarios, cells);
  if (steps.length === 0) return '';
  const rows = steps.map(({ scenario, from, to, effects }) => {
    const isFirst = to === STEPS[1];
    const head = isFirst ? `<th scope="rowgroup" rowspan="${STEPS.length - 1}">${escaped(scenario.name)}</th>` : '';
    return `<tr${isFirst ? ' class="first"' : ''}>${head}<th scope="row">${from} → ${to}</th>${effects.map(effectCell).join('')}</tr>`;
  });
  const titles = steps[0]?.effects.map(({ metric }) => `<th scope="col">${metric.title}</th>`).join('') ?? '';
  const helped = (verdict: LayerEffect['verdict']): number =>
    steps.flatMap((step) => step.effects).filter((effect) => effect.verdict === verdict).length;
  const summary = `Of ${steps.length * 3} changes, ${helped('better')} are for the better, ${helped('worse')} for the worse, and ${helped('no difference')} make no difference (less than 5 %).`;
  return `<section>${tag('h2', 'What each layer added')}${tag('p', summary)}<div class="scroll"><table><thead><tr><th scope="col">scenario</th><th scope="col">layer</th>${titles}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function effectCell({ metric, before, after, verdict }: LayerEffect): string {
  const figures = `${formatFigure(before, metric.unit)} → ${formatFigure(after, metric.unit)}`;
  return `<td class="${verdict.replace(' ', '-')}">${figures} <small>${verdict}</small></td>`;
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
<tbody>${strategies.map(({ name }) => figuresRow(name, cellOf(own, scenario.name, name))).join('')}</tbody></table></div></section>`;
}

function titleCell({ title, means }: Metric): string {
  return `<th scope="col" title="${escaped(means)}">${escaped(title)}</th>`;
}

function figuresRow(strategy: string, cell: Cell | undefined): string {
  const figures = standardMetrics.map(({ name, unit }) => `<td>${formatSpread(cell?.figures[name], unit)}</td>`);
  return `<tr><th scope="row">${escaped(strategy)}</th>${figures.join('')}</tr>`;
}
