import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const silence20: Scenario = {
  ...nominal,
  name: 'silence-20',
  title: 'A fifth of the attempts vanish',
  models: 'One of five connections leads nowhere for a minute: no answer, no error, only the timeout.',
  optimum:
    'All calls end well, with 1.25 attempts per call while it lasts (1 / (1 − 0.2)). What vanishes costs the server nothing, so 300 calls a second fit into the capacity of 500.',
  load: { kind: 'open', processes: 50, perSecond: 300 },
  phases: [{ fromMs: 20_000, toMs: 80_000, silence: 0.2 }],
  recoversAtMs: 80_000,
  endMs: 90_000,
};
