import { type ContentionCell, contentionExperiment } from '../contention/experiment.ts';
import { clientCounts, contenders, published } from '../contention/published.ts';
import { progressBar } from '../terminal/progress.ts';
import { tableLines } from '../terminal/table.ts';
import { numberOf, readArguments } from './arguments.ts';
import type { Command } from './command.ts';

export const contention: Command = {
  name: 'contention',
  usage: 'contention [--trials 100] [--json]',
  does: "The AWS Architecture Blog's contention experiment with core's backoffs, beside its published simulator's figures.",
  run: async (args, { out, err }) => {
    const parsed = readArguments(args, { trials: { type: 'string' }, json: { type: 'boolean' } });
    const trials = numberOf(parsed, 'trials', { from: 1, whole: true }) ?? 100;
    const bar = progressBar(err, () => performance.now());
    const cells = await contentionExperiment(trials, clientCounts, bar.show);
    bar.clear();
    out(parsed.values.json === true ? `${JSON.stringify({ trials, cells }, null, 2)}\n` : textOf(cells));
  },
};

function textOf(cells: readonly ContentionCell[]): string {
  const header = ['clients', ...contenders.map(({ title }) => title)];
  const ours = clientCounts.map((clients) => [
    String(clients),
    ...contenders.map(({ name }) =>
      textOfCell(cells.find((cell) => cell.clients === clients && cell.contender === name)),
    ),
  ]);
  const theirs = clientCounts.map((clients) => [String(clients), ...(published[clients] ?? []).map(textOfCell)]);
  return [
    'Calls to the server / milliseconds until the last client was done, means. This lab:',
    ...tableLines([header, ...ours]),
    '',
    'The published simulator:',
    ...tableLines([header, ...theirs]),
    '',
  ].join('\n');
}

function textOfCell(cell: { readonly calls: number; readonly completionMs: number } | undefined): string {
  return cell === undefined ? '–' : `${Math.round(cell.calls)} / ${Math.round(cell.completionMs)}`;
}
