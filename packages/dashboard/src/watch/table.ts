import { formatCount, formatCountdown, formatMs, formatNumber, NONE } from '../page/format.ts';
import type { Row } from './rows.ts';

interface Column {
  readonly title: string;
  text(row: Row): string;
}

const host: Column = { title: 'HOST', text: (row) => row.host };

/** From left to right. */
const columns = {
  rate: { title: 'RATE/S', text: (row) => formatNumber(row.perSecond) },
  allowed: { title: 'OF', text: (row) => formatNumber(row.allowed) },
  queue: { title: 'QUEUE', text: (row) => formatCount(row.queued) },
  inFlight: { title: 'FLIGHT', text: (row) => formatCount(row.inFlight) },
  tokens: { title: 'TOKENS', text: (row) => formatNumber(row.tokens) },
  hold: { title: 'HOLD', text: (row) => (row.holdMs > 0 ? formatCountdown(row.holdMs) : NONE) },
  retries: { title: 'RETRIES', text: (row) => formatCount(row.retries) },
  refusals: { title: 'REFUSED', text: (row) => formatCount(row.refusals) },
  p50: { title: 'P50', text: (row) => formatMs(row.p50) },
  p99: { title: 'P99', text: (row) => formatMs(row.p99) },
} satisfies Record<string, Column>;

/** What a narrow terminal goes without, in this order. */
const LEAST_NEEDED: readonly Column[] = [
  columns.p50,
  columns.tokens,
  columns.refusals,
  columns.allowed,
  columns.retries,
  columns.p99,
  columns.inFlight,
  columns.hold,
  columns.queue,
  columns.rate,
];

/** Room that a host has at least before another column goes. */
const LEAST_HOST = 16;

const GAP = '  ';

/** A table of rows within so many characters a line: the first line has the titles. */
export function tableLines(rows: readonly Row[], width: number): readonly string[] {
  const shown: Column[] = Object.values(columns);
  const widths = new Map(shown.map((column) => [column, widthOf(column, rows)]));
  const taken = (): number => shown.reduce((total, column) => total + GAP.length + (widths.get(column) ?? 0), 0);
  const wanted = Math.min(widthOf(host, rows), LEAST_HOST);
  for (const column of LEAST_NEEDED) {
    if (taken() + wanted <= width) break;
    shown.splice(shown.indexOf(column), 1);
  }
  const room = Math.max(1, Math.min(widthOf(host, rows), width - taken()));
  const line = (textOf: (column: Column) => string): string =>
    [cut(textOf(host), room).padEnd(room), ...shown.map((column) => textOf(column).padStart(widths.get(column) ?? 0))]
      .join(GAP)
      .trimEnd();
  return [line(({ title }) => title), ...rows.map((row) => line(({ text }) => text(row)))];
}

/** A text within so many characters; an ellipsis says that there is more. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`.slice(0, width);
}

function widthOf({ title, text }: Column, rows: readonly Row[]): number {
  return rows.reduce((width, row) => Math.max(width, text(row).length), title.length);
}
