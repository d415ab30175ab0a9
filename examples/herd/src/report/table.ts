import type { Figures } from './figures.ts';

/** One strategy's line of the table. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly figures: Figures;
}

const COLUMNS = [
  'strategy',
  'success',
  'attempts/call',
  'peak in 100 ms',
  'of capacity',
  'all done',
  'p50',
  'p99',
  '',
] as const;

/** The table for a terminal; `capacityIn100Ms` is what the server can serve at full speed in that time. */
export function tableOf(rows: readonly Row[], capacityIn100Ms: number): string {
  const cells = rows.map(({ name, what, figures }) => [
    name,
    `${(100 * (1 - figures.lost / figures.calls)).toFixed(1)} %`,
    figures.attemptsPerCall.toFixed(2),
    String(figures.peakIn100Ms),
    `${(figures.peakIn100Ms / capacityIn100Ms).toFixed(1)} ×`,
    seconds(figures.doneMs),
    seconds(figures.p50Ms),
    seconds(figures.p99Ms),
    what,
  ]);
  const lines = [[...COLUMNS], ...cells];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  ')).join('\n');
}

/** Words to the left, figures to the right. */
function pad(cell: string, column: number, width: number): string {
  const isText = column === 0 || column === COLUMNS.length - 1;
  return isText ? cell.padEnd(width) : cell.padStart(width);
}

/** A call that never had its answer has no time. */
function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1000).toFixed(2)} s` : 'never';
}
