import type { Client } from './client.ts';
import { DIFFERENCES, type DifferenceName } from './differences.ts';
import { type Expected, expectedOf, type Scenario } from './scenario.ts';

/** All that differs between the clients, and why, as a table in Markdown. */
export function differencesTable(clients: readonly Client[], scenarios: readonly Scenario[]): string {
  const libraries = Map.groupBy(clients, ({ library }) => library);
  const row = (what: string, cellOf: (client: Client) => string, why: string): string =>
    lineOf([what, ...[...libraries.values()].map((variants) => cellOfAll(variants, cellOf)), why]);
  return [
    lineOf(['', ...libraries.keys(), 'why']),
    lineOf(['', ...libraries.keys(), ''].map(() => '---')),
    ...namesOf(DIFFERENCES).map((name) => {
      const { what, why } = DIFFERENCES[name];
      return row(what, ({ words }) => words[name], why);
    }),
    ...scenarios.flatMap((scenario) => {
      if (scenario.otherwise === undefined) return [];
      const cellOf = (client: Client): string => cellOfEnd(expectedOf(scenario, client));
      return [row(capitalised(scenario.name), cellOf, scenario.otherwise.because)];
    }),
  ].join('\n');
}

/** What all variants of a library have in common, or else what each has. */
function cellOfAll(variants: readonly Client[], cellOf: (client: Client) => string): string {
  const byCell = Map.groupBy(variants, cellOf);
  if (byCell.size === 1) return [...byCell.keys()].join();
  return Array.from(byCell, ([cell, clients]) => {
    return `${clients.map(({ variant }) => variant).join(', ')}: ${cell}`;
  }).join('; ');
}

function cellOfEnd({ ends, log }: Expected): string {
  return `${Object.values(ends).join(', ')} (${Object.values(log).map(code).join(', ') || 'no events'})`;
}

function namesOf(differences: typeof DIFFERENCES): DifferenceName[] {
  return Object.keys(differences) as DifferenceName[];
}

function code(text: string): string {
  return `\`${text}\``;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
