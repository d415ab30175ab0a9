import type { Scenario } from '../scenario/scenario.ts';
import { quota } from './quota-base.ts';

export const quotaSteadyWindow: Scenario = {
  ...quota.steady({ ...quota.window, hint: 'retry-after' }),
  name: 'quota-steady-window',
  title: 'Quota, steadily too much, fixed window',
  models:
    '130 calls a second for 1 000 in ten seconds: the window is used up after 7.7 s, and its end is when everybody comes back.',
  optimum: '1 000 calls in each ten seconds; those that find the window used up wait for the next, oldest first.',
};
