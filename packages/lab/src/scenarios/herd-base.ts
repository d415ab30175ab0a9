import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

/** The server is away for the blink of an eye, just as everybody calls. */
export const herd: Omit<Scenario, 'name' | 'title' | 'models' | 'load'> = {
  ...nominal,
  phases: [{ fromMs: 0, toMs: 50, refuses: true }],
  optimum:
    'All 2 000 calls end well, since 500 a second need 4 s of the 60 s that each may take. The first wave hits a closed door whatever one does; an oracle sends the rest at the pace at which they can be served, so the peak need not exceed the first wave, and each call needs 2 attempts.',
  totalMs: 60_000,
  endMs: 1,
  binMs: 250,
};
