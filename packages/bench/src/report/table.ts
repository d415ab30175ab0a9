/** One question and its figures. */
export interface Table {
  readonly title: string;
  /** What was measured, and how to read it. */
  readonly intro: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the figures do not say by themselves. */
  readonly notes?: readonly string[];
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
