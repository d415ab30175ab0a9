import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const errors50: Scenario = {
  ...nominal,
  name: 'errors-50',
  title: 'Half of the answers are errors',
  models: 'Every second instance is broken for a minute. Whoever takes errors for overload slows down for nothing.',
  optimum:
    'All calls end well, with 2 attempts per call while it lasts (1 / (1 − 0.5)). Errors cost the server a twentieth of a request, so 300 calls a second fit into the capacity of 500.',
  load: { kind: 'open', processes: 50, perSecond: 300 },
  phases: [{ fromMs: 20_000, toMs: 80_000, errors: 0.5 }],
  recoversAtMs: 80_000,
  endMs: 90_000,
};
