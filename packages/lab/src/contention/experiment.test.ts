import { expect, test } from 'vitest';
import { contentionExperiment } from './experiment.ts';
import { clientCounts, contenders, published } from './published.ts';

const few = clientCounts.filter((count) => count <= 50);
const many = clientCounts.filter((count) => count > 50);

test('the table of the AWS article comes out within 10 % of its own simulator, with core’s backoffs', async () => {
  // Whatever the number of trials, the seeds are the same; with many clients a few trials say as much.
  const cells = [...(await contentionExperiment(100, few)), ...(await contentionExperiment(20, many))];
  for (const cell of cells) {
    const theirs = published[cell.clients]![contenders.findIndex(({ name }) => name === cell.contender)]!;
    const where = `${cell.contender} with ${cell.clients} clients`;
    expect(Math.abs(cell.calls / theirs.calls - 1), `calls, ${where}`).toBeLessThan(0.1);
    expect(Math.abs(cell.completionMs / theirs.completionMs - 1), `time, ${where}`).toBeLessThan(0.1);
  }
}, 120_000);
