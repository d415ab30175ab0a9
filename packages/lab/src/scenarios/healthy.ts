import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from './nominal.ts';

export const healthy: Scenario = {
  ...nominal,
  name: 'healthy',
  title: 'All is well',
  models: 'A server at four fifths of its capacity, and one answer in a thousand is an error.',
  optimum: 'All calls end well, with 1.001 attempts per call and nothing added to the latency.',
  phases: [{ fromMs: 0, toMs: 60_000, errors: 0.001 }],
  endMs: 60_000,
};
