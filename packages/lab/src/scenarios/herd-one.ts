import type { Scenario } from '../scenario/scenario.ts';
import { herd } from './herd-base.ts';

export const herdOne: Scenario = {
  ...herd,
  name: 'herd-one',
  title: 'Herd: one process with 2 000 calls',
  models: 'A single process fans out over 2 000 items without a limit, at a server that restarts.',
  load: { kind: 'batch', processes: 1, calls: 2_000 },
};
