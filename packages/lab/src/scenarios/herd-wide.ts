import type { Scenario } from '../scenario/scenario.ts';
import { herd } from './herd-base.ts';

export const herdWide: Scenario = {
  ...herd,
  name: 'herd-wide',
  title: 'Herd: 2 000 processes with one call each',
  models:
    'A deployment or a cron job at the full hour: 2 000 processes call a server that restarts. Nobody sees more than the fate of one call.',
  load: { kind: 'batch', processes: 2_000, calls: 2_000 },
};
