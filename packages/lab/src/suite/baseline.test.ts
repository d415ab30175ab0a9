import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPlan } from '../commands/run-plan.ts';
import { type Baseline, baselineOf, differences } from './baseline.ts';
import { QUICK } from './plan.ts';

test('the quick suite comes out as in the reviewed baseline; if it should not: pnpm --filter @paceline/lab regenerate', async () => {
  const baseline = JSON.parse(readFileSync(new URL('../../baseline.json', import.meta.url), 'utf8')) as Baseline;
  const { cells } = await runPlan({ scenarios: [], strategies: [], ...QUICK }, process.stderr);
  const current = baselineOf(cells);
  expect(Object.keys(baseline)).toEqual(Object.keys(current));
  expect(differences(baseline, current)).toEqual([]);
}, 180_000);

test('a figure that moved by more than the tolerance, a new one and one that became "never" are all told', () => {
  const was = { a: { b: { goodput: 0.9, recoveryMs: 1000, same: 5 } } };
  const is = { a: { b: { goodput: 0.8, recoveryMs: null, same: 5.05, fresh: 1 } } };
  expect(differences(was, is)).toEqual([
    'a, b: goodput was 0.9, is 0.8',
    'a, b: recoveryMs was 1000, is never',
    'a, b: fresh was not there, is 1',
  ]);
});
