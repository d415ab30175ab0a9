import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const errors20: Scenario = {
  ...nominal,
  name: 'errors-20',
  title: 'A fifth of the answers are errors',
  models: 'One of five instances is broken for a minute and answers 503 at once, however little there is to do.',
  optimum:
    'All calls end well, with 1.25 attempts per call while it lasts (1 / (1 − 0.2)). Errors cost the server a twentieth of a request, so 400 calls a second fit into the capacity of 500.',
  phases: [{ fromMs: 20_000, toMs: 80_000, errors: 0.2 }],
  recoversAtMs: 80_000,
  endMs: 90_000,
};
