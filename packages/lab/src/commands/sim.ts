import { writeFile } from 'node:fs/promises';
import { standardMetrics } from '../measure/metrics.ts';
import { formatSpread } from '../report/format.ts';
import { renderReport } from '../report/html.ts';
import { ladder } from '../strategy/paceline.ts';
import { type Cell, compare } from '../suite/compare.ts';
import { type Plan, QUICK, type ResolvedPlan, resolvePlan } from '../suite/plan.ts';
import { openPool } from '../suite/pool.ts';
import { progressBar } from '../terminal/progress.ts';
import { tableLines } from '../terminal/table.ts';
import { type Arguments, listOf, numberOf, readArguments } from './arguments.ts';
import type { Command, Terminal } from './command.ts';
import { ownPolicyOf, POLICY_OPTIONS, SERVER_OPTIONS, serverNumbersOf } from './own-flags.ts';

const OPTIONS = {
  strategy: { type: 'string' },
  seeds: { type: 'string' },
  'first-seed': { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  ...POLICY_OPTIONS,
  ...SERVER_OPTIONS,
} as const;

const STANDARD_SEEDS = 5;

/** With fewer runs, starting a second thread costs more than it saves. */
const POOL_FROM_RUNS = 8;

export const sim: Command = {
  name: 'sim',
  usage: `sim [scenario…] [--strategy a,b] [--seeds ${STANDARD_SEEDS}] [--first-seed 1] [--quick] [--json] [--report file.html]
        your policy: --policy file.json|.ts  --rate 10/s --burst --concurrency --max-retries --base-ms --jitter --budget 0.2|off
        your server: --server file.json|.ts  --workers --service-ms --queue-length --processes --per-second`,
  does: 'Simulates scenarios under strategies; all of them if none is named.',
  run: async (args, terminal) => {
    const parsed = readArguments(args, OPTIONS);
    const plan = await planOf(parsed);
    const resolved = await resolvePlan(plan);
    const cells = await simulateAll(plan, resolved, terminal);
    if (typeof parsed.values.report === 'string') {
      await writeFile(parsed.values.report, renderReport({ ...resolved, share: plan.share, cells }));
      terminal.err.write(`The report is in ${parsed.values.report}\n`);
    }
    terminal.out(parsed.values.json === true ? jsonOf(plan, cells) : textOf(resolved, cells));
  },
};

async function planOf(args: Arguments): Promise<Plan> {
  const isQuick = args.values.quick === true;
  const own = ownPolicyOf(args);
  const numbers = await serverNumbersOf(args);
  const count = numberOf(args, 'seeds', { from: 1, whole: true }) ?? (isQuick ? QUICK.seeds.length : STANDARD_SEEDS);
  const first = numberOf(args, 'first-seed', { from: 0, whole: true }) ?? 1;
  const isCompared = own !== undefined && args.values.strategy === undefined;
  return {
    scenarios: args.positionals.includes('all') ? [] : args.positionals,
    strategies: isCompared ? ladder.map(({ name }) => name) : listOf(args, 'strategy'),
    seeds: Array.from({ length: count }, (_, index) => first + index),
    share: isQuick ? QUICK.share : 1,
    ...(own === undefined ? {} : { own }),
    ...(numbers === undefined ? {} : { numbers }),
  };
}

async function simulateAll(plan: Plan, resolved: ResolvedPlan, { err }: Terminal): Promise<Cell[]> {
  const { scenarios, strategies, seeds } = resolved;
  const bar = progressBar(err, () => performance.now());
  const pool = scenarios.length * strategies.length * seeds.length < POOL_FROM_RUNS ? undefined : openPool(plan);
  try {
    return await compare({ ...resolved, onRun: bar.show, ...(pool === undefined ? {} : { runners: pool.runners }) });
  } finally {
    bar.clear();
    await pool?.close();
  }
}

function jsonOf({ seeds, share }: Plan, cells: readonly Cell[]): string {
  const results = cells.map(({ scenario, strategy, figures }) => ({ scenario, strategy, figures }));
  return `${JSON.stringify({ seeds, share, results }, null, 2)}\n`;
}

function textOf({ scenarios, seeds }: ResolvedPlan, cells: readonly Cell[]): string {
  const note =
    seeds.length === 1 ? `Seed ${String(seeds[0])}.` : `Medians of ${seeds.length} seeds, ± half their range.`;
  const tables = scenarios.map(({ name, title }) => {
    const rows = cells
      .filter((cell) => cell.scenario === name)
      .map(({ strategy, figures }) => [
        strategy,
        ...standardMetrics.map((metric) => formatSpread(figures[metric.name], metric.unit)),
      ]);
    const header = ['', ...standardMetrics.map((metric) => metric.title)];
    return [`${name}: ${title}`, ...tableLines([header, ...rows]).map((line) => `  ${line}`), ''].join('\n');
  });
  return `${[...tables, note].join('\n')}\n`;
}
