import type { Scenario } from '../scenario/scenario.ts';
import { quota } from './quota-base.ts';

export const quotaSteadyRetryAfter: Scenario = {
  ...quota.steady({ ...quota.bucket, hint: 'retry-after' }),
  name: 'quota-steady-retry-after',
  title: 'Quota, steadily too much, 429 with Retry-After',
  models: 'The same; the 429 says to come back in a second, the least that the header can say.',
  optimum: 'As without the header: 100 of 130 calls a second.',
};
