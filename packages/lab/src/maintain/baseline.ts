import { readFile, writeFile } from 'node:fs/promises';
import { type Baseline, baselineOf, differences } from '../suite/baseline.ts';
import { compare } from '../suite/compare.ts';
import { type Plan, QUICK, resolvePlan } from '../suite/plan.ts';
import { openPool } from '../suite/pool.ts';
import { progressBar } from '../terminal/progress.ts';

// `baseline.ts write` makes the baseline anew, `baseline.ts check` compares the quick suite with it.

const FILE = new URL('../../baseline.json', import.meta.url);

async function quickSuite(): Promise<Baseline> {
  const plan: Plan = { scenarios: [], strategies: [], ...QUICK };
  const bar = progressBar(process.stderr, () => performance.now());
  const pool = openPool(plan);
  try {
    return baselineOf(await compare({ ...(await resolvePlan(plan)), runners: pool.runners, onRun: bar.show }));
  } finally {
    bar.clear();
    await pool.close();
  }
}

const current = await quickSuite();
if (process.argv[2] === 'write') {
  await writeFile(FILE, `${JSON.stringify(current, null, 2)}\n`);
} else {
  const found = differences(JSON.parse(await readFile(FILE, 'utf8')) as Baseline, current);
  for (const line of found) console.error(line);
  if (found.length > 0) {
    console.error('The behaviour has changed. If that is wanted: pnpm --filter @paceline/lab baseline');
    process.exitCode = 1;
  }
}
