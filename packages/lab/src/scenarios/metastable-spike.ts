import type { Scenario } from '../scenario/scenario.ts';
import { nominal, queueingServer } from './nominal.ts';

export const metastableSpike: Scenario = {
  ...nominal,
  name: 'metastable-spike',
  title: 'Metastable: ten seconds of three times the load',
  models:
    'A burst of callers for ten seconds fills the long line. Afterwards the load is what it was; the line need not be.',
  optimum:
    'From 20 to 30 s 500 of 1 200 calls a second are served, and what has waited less than 10 s goes on from there with the 100 a second to spare; all other calls.',
  server: queueingServer,
  phases: [{ fromMs: 20_000, toMs: 30_000, load: 3 }],
  recoversAtMs: 30_000,
  endMs: 90_000,
};
