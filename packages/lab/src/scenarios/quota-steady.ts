import type { Scenario } from '../scenario/scenario.ts';
import { quota } from './quota-base.ts';

export const quotaSteady: Scenario = {
  ...quota.steady({ ...quota.bucket, hint: 'none' }),
  name: 'quota-steady',
  title: 'Quota, steadily too much, a bare 429',
  models: 'Ten processes want 130 requests a second of an API that allows 100, and says nothing but 429.',
  optimum:
    "100 of 130 calls a second, the first second's worth on top. One attempt per call; the rest is refused by the clients or waits in vain.",
};
