import type { Scenario } from '../scenario/scenario.ts';
import { quota } from './quota-base.ts';

export const quotaBatchRateLimit: Scenario = {
  ...quota.batch('rate-limit'),
  name: 'quota-batch-rate-limit',
  title: 'Quota, batch, RateLimit headers',
  models:
    'The same job; every answer tells how much of the window is left, and for how long (draft-ietf-httpapi-ratelimit-headers).',
  optimum: 'All 3 000 calls end well: 1 000 at once, 1 000 at 10 s, 1 000 at 20 s. One attempt per call, 20 s in all.',
};
