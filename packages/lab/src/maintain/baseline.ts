import { readFile, writeFile } from 'node:fs/promises';
import { runPlan } from '../commands/run-plan.ts';
import { type Baseline, baselineOf, differences } from '../suite/baseline.ts';
import { QUICK } from '../suite/plan.ts';

// `baseline.ts write` makes the baseline anew, `baseline.ts check` compares the quick suite with it.

const FILE = new URL('../../baseline.json', import.meta.url);

async function quickSuite(): Promise<Baseline> {
  const { cells } = await runPlan({ scenarios: [], strategies: [], ...QUICK }, process.stderr);
  return baselineOf(cells);
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
