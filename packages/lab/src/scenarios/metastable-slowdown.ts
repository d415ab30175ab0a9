import type { Scenario } from '../scenario/scenario.ts';
import { nominal, queueingServer } from './nominal.ts';

export const metastableSlowdown: Scenario = {
  ...nominal,
  name: 'metastable-slowdown',
  title: 'Metastable: ten seconds of a fifth of the speed',
  models:
    'A slow dependency for ten seconds, a line of five seconds, timeouts of one: each timed out attempt is worked on all the same. The question is whether the retries keep the line long after the cause is gone.',
  optimum:
    'From 20 to 30 s 100 of 400 calls a second are served, all before and after: the capacity is 500, so nothing but the clients can keep the server down.',
  server: queueingServer,
  phases: [{ fromMs: 20_000, toMs: 30_000, speed: 0.2 }],
  recoversAtMs: 30_000,
  endMs: 90_000,
};
