import { expect, test } from 'vitest';
import { scenarioNamed, strategyNamed } from '../suite/names.ts';
import { simulate } from './simulate.ts';

test('1 000 processes for 60 simulated seconds take well under a minute', async () => {
  const scenario = scenarioNamed('healthy');
  const crowd = { ...scenario, load: { ...scenario.load, processes: 1_000 } };
  const startedAt = performance.now();
  await simulate(crowd, strategyNamed('default'), 1);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});
