import { writeFile } from 'node:fs/promises';
import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import { renderReport } from '../report/html.ts';
import { find } from '../suite/names.ts';
import type { Plan } from '../suite/plan.ts';
import { figureTables, scenarioTables } from '../terminal/sim-tables.ts';
import { listOf, numberOf, type Options, readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { PLAN_OPTIONS, planOf, STANDARD_SEEDS } from './plan-of.ts';
import { type PlanResults, runPlan } from './run-plan.ts';

const OPTIONS: Options = {
  ...PLAN_OPTIONS,
  figure: { type: 'string' },
  report: { type: 'string' },
};

export const sim: Command = {
  name: 'sim',
  usage: `sim [scenario…] [--strategy a,b] [--seeds ${STANDARD_SEEDS}] [--first-seed 1] [--quick] [--threads 2]
        output: --figure score,goodput  --json  --report file.html
        your policy: --policy file.json|.ts  --rate 10/s --burst --concurrency --max-retries --base-ms --jitter --budget 0.2|off
        your server: --server file.json|.ts  --workers --service-ms --queue-length --processes --per-second`,
  does: 'Simulates scenarios under strategies; all of them if none is named.',
  run: async (args, { out, err }) => {
    const parsed = readArguments(args, OPTIONS);
    const metrics = listOf(parsed, 'figure').map((name) => find('figure', name, standardMetrics));
    const plan = await planOf(parsed);
    const results = await runPlan(plan, err, numberOf(parsed, 'threads', { from: 1, whole: true }));
    if (typeof parsed.values.report === 'string') {
      await writeFile(parsed.values.report, renderReport({ ...results, share: plan.share }));
      err.write(`The report is in ${parsed.values.report}\n`);
    }
    out(parsed.values.json === true ? jsonOf(plan, results) : textOf(metrics, results));
  },
};

function jsonOf({ seeds, share }: Plan, { cells }: PlanResults): string {
  const results = cells.map(({ curves: _curves, ...cell }) => cell);
  return `${JSON.stringify({ seeds, share, results }, null, 2)}\n`;
}

function textOf(metrics: readonly Metric[], results: PlanResults): string {
  return metrics.length === 0 ? scenarioTables(results) : figureTables(metrics, results);
}
