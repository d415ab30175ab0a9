import type { Scenario } from '../scenario/scenario.ts';
import { quota } from './quota-base.ts';

export const quotaBatchRetryAfter: Scenario = {
  ...quota.batch('retry-after'),
  name: 'quota-batch-retry-after',
  title: 'Quota, batch, 429 with Retry-After',
  models: 'The same job; the 429 tells how many seconds the window has left.',
  optimum: 'All 3 000 calls end well: 1 000 at once, 1 000 at 10 s, 1 000 at 20 s. One attempt per call, 20 s in all.',
};
