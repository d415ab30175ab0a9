import type { Scenario } from '../scenario/scenario.ts';
import { quota } from './quota-base.ts';

export const quotaBatch: Scenario = {
  ...quota.batch('none'),
  name: 'quota-batch',
  title: 'Quota, batch, a bare 429',
  models: 'A nightly job sends 3 000 requests to an API that allows 1 000 in ten seconds, and says nothing but 429.',
  optimum: 'All 3 000 calls end well: 1 000 at once, 1 000 at 10 s, 1 000 at 20 s. One attempt per call, 20 s in all.',
};
