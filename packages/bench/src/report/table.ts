import { digits } from '../measure/summary.ts';

/** One question and its figures. */
export interface Table {
  readonly title: string;
  /** What was measured, and how to read it. */
  readonly intro: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the figures do not say by themselves. */
  readonly notes?: readonly string[];
  /** What this project set out to reach, and what this run came to. */
  readonly targets?: readonly Target[];
}

export interface Target {
  readonly figure: string;
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean;
}

export function atMost(figure: string, most: number, measured: number, unit = ''): Target {
  return { figure, target: `≤ ${most}${unit}`, measured: digits(measured) + unit, isMet: measured <= most };
}

export function atLeast(figure: string, least: number, measured: number, unit = ''): Target {
  return { figure, target: `≥ ${least}${unit}`, measured: digits(measured) + unit, isMet: measured >= least };
}

/** All targets of a run beside what it measured. */
export function targetsTable(tables: readonly Table[]): Table {
  return {
    title: 'Targets',
    intro: 'What this project set out to reach, and what this run measured. How, is in the tables below.',
    columns: ['', 'target', 'measured', ''],
    rows: tables
      .flatMap(({ targets = [] }) => targets)
      .map(({ figure, target, measured, isMet }) => [figure, target, measured, isMet ? 'met' : '**missed**']),
  };
}

export function markdown({ title, intro, columns, rows, notes = [] }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'));
  const lines = [`## ${title}`, '', intro, '', line(columns), line(rule), ...rows.map(line)];
  return [...lines, ...notes.flatMap((note) => ['', note])].join('\n');
}

/** The same for a terminal. */
export function plain({ title, columns, rows, notes = [] }: Table): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ');
  return [title, line(columns), ...rows.map(line), ...notes].join('\n');
}
