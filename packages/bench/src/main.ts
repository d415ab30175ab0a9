import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { markdown, plain, type Table, targetsTable } from './report/table.ts';
import type { Effort } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const PAGE = new URL('../../../docs/benchmarks.md', import.meta.url);
const FLAGS = ['--expose-gc', '--max-old-space-size=8192'];

/** Room for all that a scenario allocates, where that is what is counted; elsewhere the collector is as Node sets it up. */
const ROOMY = ['--min-semi-space-size=512', '--max-semi-space-size=512'];
const COUNTS_BYTES: ReadonlySet<string> = new Set(['fast-path']);

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
const effort: Effort = values.quick ? 'quick' : 'whole';
const names = values.only === undefined ? Object.keys(scenarios) : values.only.split(',');
const unknown = names.find((name) => !(name in scenarios));
if (unknown !== undefined) {
  console.error(`--only: unknown scenario '${unknown}'; known are ${Object.keys(scenarios).join(', ')}`);
  process.exit(1);
}

const pages: Table[] = [];
for (const name of names) {
  const tables = await inFreshProcess(name);
  pages.push(...tables);
  for (const table of tables) console.log(`${plain(table)}\n`);
}
const targets = targetsTable(pages);
console.log(plain(targets));
// A part, or a quick run, is no figure to quote.
if (effort === 'whole' && values.only === undefined) {
  writeFileSync(PAGE, `${[header(), ...[targets, ...pages].map(markdown)].join('\n\n')}\n`);
  console.log('Written to docs/benchmarks.md');
}

function inFreshProcess(name: string): Promise<readonly Table[]> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./run-one.ts', import.meta.url), [name, effort], {
      execArgv: [...process.execArgv, ...FLAGS, ...(COUNTS_BYTES.has(name) ? ROOMY : [])],
    });
    let tables: readonly Table[] | undefined;
    child.on('message', (message) => {
      tables = message as readonly Table[];
    });
    child.on('exit', (code) => {
      if (tables) resolve(tables);
      else reject(new Error(`${name} ended with exit code ${code} and no figures`));
    });
  });
}

function header(): string {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const versions = Object.keys(dependencies)
    .filter((name) => !name.startsWith('@paceline/'))
    .map((name) => `${name} ${versionOf(name)}`);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
  return [
    '# Benchmarks',
    '',
    'Written by `npx -y pnpm@12 bench`. Every comparison was measured in turns within one run, A B A B …; figures are medians,',
    'with [the middle half of the rounds] where the spread matters. The machine is shared and noisy: ratios hold, single times less so.',
    '',
    `Node ${process.versions.node}, ${machine}, ${new Date().toISOString().slice(0, 10)}. ${versions.join(', ')}.`,
  ].join('\n');
}

function versionOf(name: string): string {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}
