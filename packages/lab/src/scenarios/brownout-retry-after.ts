import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const brownoutRetryAfter: Scenario = {
  ...nominal,
  name: 'brownout-retry-after',
  title: 'Brownout whose 503 says Retry-After: 5',
  models: 'The brownout with the short line, of a server that asks whoever it turns away to come back in five seconds.',
  optimum:
    'As without the header: 150 of 400 calls a second. Who obeys to the letter sends nothing for five seconds after each single 503, so the hint can cost more than it helps.',
  server: { ...nominal.server, retryAfterS: 5 },
  phases: [{ fromMs: 20_000, toMs: 80_000, workers: 0.3 }],
  recoversAtMs: 80_000,
  endMs: 100_000,
};
