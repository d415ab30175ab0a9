import type { Scenario } from '../scenario/scenario.ts';
import { nominal, queueingServer } from './nominal.ts';

export const brownoutQueue: Scenario = {
  ...nominal,
  name: 'brownout-queue',
  title: 'Brownout behind a long line',
  models:
    'The same brownout, but nobody is turned away: the line grows past every timeout, and the workers are busy with requests whose clients have left.',
  optimum: 'As with the short line: 150 of 400 calls a second while it lasts, as long as nobody lets the line grow.',
  server: queueingServer,
  phases: [{ fromMs: 20_000, toMs: 80_000, workers: 0.3 }],
  recoversAtMs: 80_000,
  endMs: 110_000,
};
