import type { Metric } from '../measure/metric.ts';
import type { Spread } from '../measure/statistics.ts';

/** A figure for people: `0.86`, `12.3×`, `940 ms`, `21 s`, `never`. Undefined is a dash. */
export function formatFigure(value: number | null | undefined, unit: Metric['unit']): string {
  if (value === undefined) return '–';
  if (value === null) return unit === 'ms' ? 'never' : '–';
  switch (unit) {
    case 'share':
    case 'score':
      return value.toFixed(2);
    case 'times':
      return value.toFixed(value < 10 ? 2 : 1);
    case 'ms':
      return formatMs(value);
    case 'count':
      return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  }
}

/** The median, and half the range over seeds where it shows. */
export function formatSpread(spread: Spread | undefined, unit: Metric['unit']): string {
  const median = formatFigure(spread?.median, unit);
  const { least, most } = spread ?? {};
  if (typeof least !== 'number' || typeof most !== 'number') return median;
  const half = formatFigure((most - least) / 2, unit);
  return half === formatFigure(0, unit) ? median : `${median} ±${half}`;
}

function formatMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
