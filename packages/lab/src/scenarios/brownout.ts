import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const brownout: Scenario = {
  ...nominal,
  name: 'brownout',
  title: 'Brownout behind a short line',
  models: 'Seven of ten instances are gone for a minute; who finds the short line full is told 503 at once.',
  optimum:
    'Fluid: 150 of 400 calls a second can be served from 20 to 80 s, all others before and after. One attempt per call: whoever is sent is served, who is not waits or is refused by the client.',
  phases: [{ fromMs: 20_000, toMs: 80_000, workers: 0.3 }],
  recoversAtMs: 80_000,
  endMs: 100_000,
};
