import { readFile, writeFile } from 'node:fs/promises';
import { FAST_MS } from '../measure/metrics.ts';
import { optimalSuccesses } from '../measure/optimum.ts';
import { arrivalsOf } from '../scenario/arrivals.ts';
import { scaled } from '../scenario/scale.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { paceline } from '../strategy/paceline.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import { type Strategy, TOLD_NOTHING } from '../strategy/strategy.ts';
import { type Cell, compare } from '../suite/compare.ts';
import { scenariosNamed, strategyNamed } from '../suite/names.ts';
import { QUICK } from '../suite/plan.ts';
import { markdownTable } from './markdown-table.ts';

// `pace.ts [quick] [table…]` puts the figures of the pace between the marks of docs/pace.md, all or the named tables: everything at
// full size, five times, or a fifth of it, once. All in this thread, because two of them change the engine's own constants.

const PAGE = new URL('../../../../docs/pace.md', import.meta.url);
const CONSTANTS = new URL('../../../core/src/pace/constants.ts', import.meta.url);

const [, , ...WORDS] = process.argv;
const IS_QUICK = WORDS.includes('quick');
const NAMED = WORDS.filter((word) => word !== 'quick');
const SEEDS = IS_QUICK ? QUICK.seeds : [1, 2, 3, 4, 5];
const SHARE = IS_QUICK ? QUICK.share : 1;

/** Kept out of the choice of the constants. */
const HELD_OUT: readonly string[] = ['processes-400', 'zipf', 'long-tail', 'timeout-3s'];

/** What another fleet's retries do beside it. */
const NEIGHBOURS: readonly string[] = ['none', 'jittered', 'simple'];

const withBudget = paceline(
  { name: 'default with a budget', title: '', family: 'ladder', does: '', told: TOLD_NOTHING },
  () => ({ budget: {} }),
);

async function cellsOf(strategies: readonly Strategy[], scenarios = standardScenarios, share = SHARE, seeds = SEEDS) {
  return compare({ scenarios: scenarios.map((scenario) => scaled(scenario, share)), strategies, seeds });
}

let ofDefault: Promise<readonly Cell[]> | undefined;

/** Two tables are made of them. */
function defaultCells(): Promise<readonly Cell[]> {
  ofDefault ??= cellsOf([strategyNamed('default')]);
  return ofDefault;
}

/** A figure of each cell; one that never came is left out. */
function valuesOf(cells: readonly Cell[], figure: string): number[] {
  return cells.flatMap(({ figures }) => figures[figure]?.median ?? []);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function leastOf(cells: readonly Cell[], figure: string): string {
  const least = Math.min(...valuesOf(cells, figure));
  const where = cells.find(({ figures }) => figures[figure]?.median === least);
  return `${least.toFixed(2)} (${where?.scenario ?? ''})`;
}

/** Scenarios whose trouble ends, and in which the clients never got over it. */
function neverRecovered(cells: readonly Cell[]): string {
  const never = cells.filter(({ figures }) => figures.recoveryMs?.median === null).map(({ scenario }) => scenario);
  return never.length === 0 ? '–' : String(never.length);
}

function summary(name: string, cells: readonly Cell[]): string[] {
  const means = ['goodput', 'fastGoodput', 'attemptsPerCall', 'score'].map((figure) => mean(valuesOf(cells, figure)));
  const [goodput, fast, attempts, score] = means.map((value) => value.toFixed(2));
  const fairness = leastOf(cells, 'fairness');
  return [name, goodput, leastOf(cells, 'goodput'), fast, attempts, score, fairness, neverRecovered(cells)].map(String);
}

const SUMMARY = ['', 'goodput', 'least', 'fast', 'attempts', 'score', 'least fairness', 'never recovered'];

async function strategiesTable(): Promise<string> {
  const strategies = [...standardStrategies, withBudget];
  const cells = await cellsOf(strategies);
  const rows = strategies.map(({ name }) =>
    summary(
      name,
      cells.filter((cell) => cell.strategy === name),
    ),
  );
  return markdownTable(SUMMARY, rows);
}

/** What an oracle reaches of the other's goodput that answers within two seconds or not at all. */
function fastOracleOf(scenario: Scenario): string {
  const arrivals = arrivalsOf(scenario, 1);
  const served = (withinMs: number): number => optimalSuccesses(scenario, arrivals, withinMs);
  return (served(FAST_MS) / served(scenario.totalMs)).toFixed(2);
}

async function scenariosTable(): Promise<string> {
  const cells = await defaultCells();
  const rows = cells.map(({ scenario, figures }) => {
    const [model] = scenariosNamed(scenario);
    const shown = ['goodput', 'fastGoodput', 'attemptsPerCall', 'wastedWork', 'fairness', 'score'];
    const recoveryMs = figures.recoveryMs?.median;
    const recovery = recoveryMs === undefined ? '–' : recoveryMs === null ? 'never' : `${recoveryMs / 1000} s`;
    const values = shown.map((figure) => (figures[figure]?.median ?? Number.NaN).toFixed(2));
    return [scenario, ...values, recovery, model ? fastOracleOf(scaled(model, SHARE)) : ''];
  });
  const columns = ['', 'goodput', 'fast', 'attempts', 'wasted', 'fairness', 'score', 'recovery', 'goodput of 2 s'];
  return markdownTable(columns, rows);
}

/** Where more than one attempt per call cannot be helped: the server fails whoever asks. */
const NEEDS_RETRIES = /^(herd|errors|silence)-/;

async function targetsTable(): Promise<string> {
  const cells = await defaultCells();
  const single = cells.filter(({ scenario }) => !NEEDS_RETRIES.test(scenario));
  const recoveries = valuesOf(cells, 'recoveryMs');
  const never = neverRecovered(cells);
  return markdownTable(
    ['', 'to reach', 'measured'],
    [
      ['mean goodput', '≥ 0.97', mean(valuesOf(cells, 'goodput')).toFixed(2)],
      ['least goodput', '≥ 0.90', leastOf(cells, 'goodput')],
      ['attempts per call where one is enough, mean', '≤ 1.15', mean(valuesOf(single, 'attemptsPerCall')).toFixed(2)],
      ['scenarios that it never recovers from', 'none', never === '–' ? 'none' : never],
      ['longest recovery', 'seconds', `${(Math.max(...recoveries) / 1000).toFixed(1)} s`],
      ['least fairness (Jain)', '≥ 0.95', leastOf(cells, 'fairness')],
    ],
  );
}

async function variationsTable(): Promise<string> {
  const rows: string[][] = [];
  for (const name of HELD_OUT) {
    rows.push(summary(name, await cellsOf([strategyNamed('default')], scenariosNamed(`all@${name}`))));
  }
  return markdownTable(SUMMARY, rows);
}

/** The engine's own constants, while others take their place. Always at a fifth of the size: it is about differences. */
async function cellsWith(others: Readonly<Record<string, number>>): Promise<readonly Cell[]> {
  const { PACE } = (await import(CONSTANTS.href)) as { PACE: Record<string, number> };
  const own = { ...PACE };
  try {
    Object.assign(PACE, others);
    return await cellsOf([strategyNamed('default')], standardScenarios, QUICK.share, QUICK.seeds);
  } finally {
    Object.assign(PACE, own);
  }
}

/** The parts of the pace, and the constants without which each is none. */
const PARTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'as it is': {},
  'without the rate': { floorShare: 1e9 },
  'without the window': { firstWindow: 1e9, windowCut: 1 },
  'without the turn of the line: first come, first served': { patienceShare: Number.POSITIVE_INFINITY },
  'without the stretch of the backoff': { stretch: 1 },
  'without a cut for 429': { throttleCut: 1 },
  'without the slow as a sign': { slowShare: Number.POSITIVE_INFINITY },
  'without the faster climb back': { catchUp: 1 },
};

async function partsTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [name, constants] of Object.entries(PARTS)) rows.push(summary(name, await cellsWith(constants)));
  return markdownTable(SUMMARY, rows);
}

async function sensitivityTable(): Promise<string> {
  const { PACE } = (await import(CONSTANTS.href)) as { PACE: Readonly<Record<string, number>> };
  const figuresOf = async (constants: Readonly<Record<string, number>>): Promise<string[]> => {
    const cells = await cellsWith(constants);
    return ['goodput', 'score'].flatMap((figure) => {
      const values = valuesOf(cells, figure);
      return [mean(values).toFixed(3), Math.min(...values).toFixed(2)];
    });
  };
  const rows: string[][] = [['as it is', '', ...(await figuresOf({}))]];
  for (const [name, value] of Object.entries(PACE)) {
    for (const other of [value / 2, value * 2]) {
      rows.push([name, `${value} → ${other}`, ...(await figuresOf({ [name]: other }))]);
    }
  }
  return markdownTable(['constant', 'changed', 'goodput', 'least', 'score', 'least'], rows);
}

async function fleetTable(): Promise<string> {
  const rows: string[][] = [];
  for (const neighbour of NEIGHBOURS) {
    const cells = await cellsOf([strategyNamed(`default+${neighbour}`)]);
    const partOf = (name: string): string =>
      mean(cells.flatMap(({ parts }) => parts?.[name]?.goodput?.median ?? [])).toFixed(2);
    rows.push([neighbour, partOf('default'), partOf(neighbour), mean(valuesOf(cells, 'goodput')).toFixed(2)]);
  }
  return markdownTable(['beside', 'paced half', 'other half', 'all'], rows);
}

const TABLES: Readonly<Record<string, () => Promise<string>>> = {
  targets: targetsTable,
  strategies: strategiesTable,
  scenarios: scenariosTable,
  variations: variationsTable,
  fleet: fleetTable,
  parts: partsTable,
  sensitivity: sensitivityTable,
};

let page = await readFile(PAGE, 'utf8');
for (const [name, make] of Object.entries(TABLES)) {
  if (NAMED.length > 0 && !NAMED.includes(name)) continue;
  process.stderr.write(`${name}\n`);
  const table = await make();
  page = page.replace(
    new RegExp(`(<!-- pace:${name} -->\\n)[\\s\\S]*?(<!-- /pace -->)`),
    (_, from: string, to: string) => `${from}${table}\n${to}`,
  );
  await writeFile(PAGE, page);
}
const size = IS_QUICK ? 'a fifth of the size, one seed' : 'full size, medians of five seeds';
if (NAMED.length === 0) await writeFile(PAGE, page.replace(/(<!-- pace:size -->).*?(<!-- \/pace -->)/, `$1${size}$2`));
