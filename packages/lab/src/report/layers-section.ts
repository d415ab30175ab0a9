import { escaped, tag } from './element.ts';
import { formatFigure } from './format.ts';
import { type LayerEffect, type LayerStep, type LayerSummary, layerSteps, layerSummaries, STEPS } from './layers.ts';
import type { ReportInput } from './report-input.ts';

/** What each layer added, where it did nothing, and where it did harm; empty where the ladder was not simulated. */
export function layersSection({ scenarios, cells }: ReportInput): string {
  const steps = layerSteps(scenarios, cells);
  if (steps.length === 0) return '';
  const note = 'A change of less than 5 % is no difference. Not every layer helps against everything:';
  return `<section>${tag('h2', 'What each layer added')}${tag('p', note)}${summaryTable(layerSummaries(steps))}${tag('h3', 'Scenario by scenario')}${stepTable(steps)}</section>`;
}

function summaryTable(summaries: readonly LayerSummary[]): string {
  const rows = summaries.map(({ from, to, metric, better, same, worse }) => {
    const counts = [better, same, worse].map(({ length }) => `<td>${length}</td>`).join('');
    return `<tr><th scope="row">${from} → ${to}: ${escaped(metric.title)}</th>${counts}<td class="text">${escaped(worse.join(', ') || '–')}</td></tr>`;
  });
  return table(['layer and figure', 'better', 'no difference', 'worse', 'worse in'], rows);
}

function stepTable(steps: readonly LayerStep[]): string {
  const rows = steps.map(({ scenario, from, to, effects }) => {
    const isFirst = to === STEPS[1];
    const head = isFirst ? `<th scope="rowgroup" rowspan="${STEPS.length - 1}">${escaped(scenario.name)}</th>` : '';
    return `<tr${isFirst ? ' class="first"' : ''}>${head}<th scope="row">${from} → ${to}</th>${effects.map(effectCell).join('')}</tr>`;
  });
  const titles = steps[0]?.effects.map(({ metric }) => metric.title) ?? [];
  return table(['scenario', 'layer', ...titles], rows);
}

function effectCell({ metric, before, after, verdict }: LayerEffect): string {
  const figures = `${formatFigure(before, metric.unit)} → ${formatFigure(after, metric.unit)}`;
  return `<td class="${verdict.replace(' ', '-')}">${figures} <small>${verdict}</small></td>`;
}

function table(titles: readonly string[], rows: readonly string[]): string {
  const head = titles.map((title) => `<th scope="col">${escaped(title)}</th>`).join('');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
