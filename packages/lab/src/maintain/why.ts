import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { standalone } from '../report/chart-document.ts';
import { cellOf } from '../report/layers.ts';
import { loadChart } from '../report/load-chart.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import { filled } from './fill.ts';
import { type Results, standardResults } from './results.ts';

// `why.ts [results.json]` runs the standard suite and puts its figures between the marks of docs/why.md, and its pictures
// beside it. With a file, results are kept there, and taken from there if it exists.

const DOCS = new URL('../../../../docs/', import.meta.url);

/** Scenarios with a picture. */
const PICTURED: readonly string[] = ['herd-deep', 'brownout', 'metastable-slowdown', 'quota-batch-retry-after'];
const SHOWN: readonly string[] = ['none', 'simple', 'exponential', 'jittered', 'paced', 'default'];
const WIDTH = 960;

async function draw(results: Results): Promise<void> {
  await mkdir(new URL('why/', DOCS), { recursive: true });
  for (const scenario of standardScenarios.filter(({ name }) => PICTURED.includes(name))) {
    const cells = SHOWN.flatMap((strategy) => cellOf(results.cells, scenario.name, strategy) ?? []);
    const titleOf = (name: string): string => standardStrategies.find((each) => each.name === name)?.title ?? name;
    const svg = standalone(loadChart(scenario, cells, { width: WIDTH, titleOf }));
    await writeFile(new URL(`why/${scenario.name}.svg`, DOCS), svg);
  }
}

const results = await standardResults(process.argv[2]);
await draw(results);
const page = new URL('why.md', DOCS);
await writeFile(page, filled(await readFile(page, 'utf8'), results));
