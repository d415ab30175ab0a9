import { expect, test } from 'vitest';
import { contentionExperiment } from './experiment.ts';
import { contenders, published } from './published.ts';

test('the table of the AWS article comes out within 10 % of its own simulator, with core’s backoffs', async () => {
  for (const cell of await contentionExperiment(40, [20, 50])) {
    const theirs = published[cell.clients]![contenders.findIndex(({ name }) => name === cell.contender)]!;
    const where = `${cell.contender} with ${cell.clients} clients`;
    expect(Math.abs(cell.calls / theirs.calls - 1), `calls, ${where}`).toBeLessThan(0.1);
    expect(Math.abs(cell.completionMs / theirs.completionMs - 1), `time, ${where}`).toBeLessThan(0.1);
  }
});
