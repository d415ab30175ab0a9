import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const outageRefused: Scenario = {
  ...nominal,
  name: 'outage-refused',
  title: 'Outage, connections refused',
  models: 'The process behind the port is gone for half a minute. Clients know at once that nothing was sent.',
  optimum:
    'Calls that arrive in the first 20 s of the outage are lost to their deadline of 10 s; the 4 000 of the last 10 s can wait, and are worked off afterwards with the 100 a second that the server has to spare, oldest first, as far as their deadlines allow.',
  phases: [{ fromMs: 20_000, toMs: 50_000, refuses: true }],
  recoversAtMs: 50_000,
  endMs: 90_000,
};
