import type { Metric } from '../measure/metric.ts';
import { escaped, tag } from './element.ts';
import { formatFigure, formatSpread } from './format.ts';
import { cellOf } from './layers.ts';
import type { ReportInput } from './report-input.ts';

/** Scenario × strategy for one figure: the darker, the worse. Numbers stand in every cell, so the colour adds but does not carry. */
export function heatTable(metric: Metric, { scenarios, strategies, cells }: ReportInput): string {
  const rows = scenarios.map((scenario) => {
    const figures = strategies.map(({ name }) => cellOf(cells, scenario.name, name)?.figures[metric.name]);
    const heats = heatsOf(
      metric,
      figures.map((spread) => spread?.median),
    );
    const tds = figures.map(
      (spread, index) =>
        `<td style="--heat:${heats[index] ?? 0}" title="${formatSpread(spread, metric.unit)}">${formatFigure(spread?.median, metric.unit)}</td>`,
    );
    return `<tr><th scope="row"><a href="#${escaped(scenario.name)}">${escaped(scenario.name)}</a></th>${tds.join('')}</tr>`;
  });
  const heads = strategies.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('');
  return `${tag('h3', `${metric.title}: ${metric.means}`)}<div class="scroll"><table class="heat"><thead><tr><th></th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** 0 for the best of a row to 1 for the worst; figures without a bound are compared by their logarithm. */
function heatsOf({ better, unit }: Metric, medians: readonly (number | null | undefined)[]): number[] {
  const isBounded = unit === 'share' || unit === 'score';
  const values = medians.map((median) => {
    if (median === null) return Infinity;
    return isBounded ? (median ?? Number.NaN) : Math.log(1 + (median ?? Number.NaN));
  });
  const finite = values.filter(Number.isFinite);
  // A bounded figure is held against its bound, so that a row of good ones does not look like a fight.
  const best = better === 'lower' ? Math.min(...finite) : isBounded ? 1 : Math.max(...finite);
  // Twice the best is the least that counts as bad: a row of about the same stays pale.
  const worst = better === 'lower' ? Math.max(best + Math.LN2, ...finite) : isBounded ? 0 : Math.min(...finite);
  return values.map((value) => {
    if (value === Infinity) return 1;
    const heat = best === worst || Number.isNaN(value) ? 0 : (value - best) / (worst - best);
    return Math.round(100 * Math.min(1, Math.max(0, heat))) / 100;
  });
}
