import type { Scenario } from '../scenario/scenario.ts';
import { herd } from './herd-base.ts';

export const herdDeep: Scenario = {
  ...herd,
  name: 'herd-deep',
  title: 'Herd: 20 processes with 100 calls each',
  models: 'Twenty workers with a hundred calls each, all at once, at a server that restarts.',
  load: { kind: 'batch', processes: 20, calls: 2_000 },
};
