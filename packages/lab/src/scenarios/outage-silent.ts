import type { Scenario } from '../scenario/scenario.ts';
import { nominal, queueingServer } from './nominal.ts';

export const outageSilent: Scenario = {
  ...nominal,
  name: 'outage-silent',
  title: 'Outage without an answer, then a cold start',
  models:
    'Packets vanish for half a minute, so each attempt costs its whole timeout. Then the server is back with cold caches: a fifth of its speed, all of it after 20 s.',
  optimum:
    'Nothing from 20 to 50 s, then the capacity rises from 100 to 500 a second until 70 s; below 400 calls have to be left out, oldest first, so that the line stays short.',
  server: queueingServer,
  phases: [
    { fromMs: 20_000, toMs: 50_000, silence: 1 },
    { fromMs: 50_000, toMs: 70_000, speed: [0.2, 1] },
  ],
  recoversAtMs: 70_000,
  endMs: 110_000,
};
