import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Baseline, baselineOf, differences } from './baseline.ts';
import { compare } from './compare.ts';
import { QUICK, resolvePlan } from './plan.ts';

const SCENARIOS = ['herd-deep', 'outage-refused', 'quota-batch-retry-after', 'errors-50'];
const STRATEGIES = ['simple', 'jittered', 'paced', 'default'];

test('the ladder behaves as in the reviewed baseline; if it should not: pnpm --filter @paceline/lab baseline', async () => {
  const baseline = JSON.parse(readFileSync(new URL('../../baseline.json', import.meta.url), 'utf8')) as Baseline;
  const cells = await compare(await resolvePlan({ scenarios: SCENARIOS, strategies: STRATEGIES, ...QUICK }));
  expect(differences(baseline, baselineOf(cells))).toEqual([]);
}, 60_000);

test('a figure that moved by more than the tolerance, a new one and one that became "never" are all told', () => {
  const was = { a: { b: { goodput: 0.9, recoveryMs: 1000, same: 5 } } };
  const is = { a: { b: { goodput: 0.8, recoveryMs: null, same: 5.05, fresh: 1 } } };
  expect(differences(was, is)).toEqual([
    'a, b: goodput was 0.9, is 0.8',
    'a, b: recoveryMs was 1000, is never',
    'a, b: fresh was not there, is 1',
  ]);
});
