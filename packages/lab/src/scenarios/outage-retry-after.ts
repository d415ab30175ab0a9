import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const outageRetryAfter: Scenario = {
  ...nominal,
  name: 'outage-retry-after',
  title: 'Outage behind a proxy that says Retry-After: 10',
  models:
    'A proxy answers 503 for half a minute and asks everybody to come back in ten seconds, which is when the calls give up.',
  optimum: 'As with refused connections: what arrives in the last 10 s of the outage can still be served after it.',
  server: { ...nominal.server, retryAfterS: 10 },
  phases: [{ fromMs: 20_000, toMs: 50_000, unavailable: true }],
  recoversAtMs: 50_000,
  endMs: 90_000,
};
