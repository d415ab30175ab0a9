import { nominalCapacity } from '../server/server-spec.ts';
import { scaled } from './scale.ts';
import type { Scenario } from './scenario.ts';

/** The same trouble under other circumstances. Named as in `brownout@processes-400`. */
export interface Variation {
  readonly name: string;
  readonly does: string;
  /** The very scenario where the variation would change nothing of it. */
  readonly of: (scenario: Scenario) => Scenario;
}

/** Kept out of any tuning, and reported apart: who is good at the standard scenarios only is not good. */
export const variations: readonly Variation[] = [
  { name: 'processes-10', does: '10 processes instead of 50', of: (scenario) => withLoad(scenario, { processes: 10 }) },
  {
    name: 'processes-400',
    does: '400 processes instead of 50',
    of: (scenario) => withLoad(scenario, { processes: 400 }),
  },
  { name: 'load-95', does: '95 % of the capacity is asked for, where no quota decides', of: withHighLoad },
  {
    name: 'service-20',
    does: '20 ms per request instead of 100, at the same capacity',
    of: (scenario) => withService(scenario, 20),
  },
  {
    name: 'service-500',
    does: '500 ms per request instead of 100, at the same capacity',
    of: (scenario) => withService(scenario, 500),
  },
  {
    name: 'long-tail',
    does: 'service times with a coefficient of variation of 1.5',
    of: (scenario) => ({ ...scenario, server: { ...scenario.server, cv: 1.5 } }),
  },
  { name: 'zipf', does: 'few processes have most of the calls', of: (scenario) => withLoad(scenario, { skew: 1 }) },
  { name: 'size-2', does: 'twice the server, and twice the processes', of: (scenario) => scaled(scenario, 2) },
  { name: 'timeout-3s', does: 'attempts time out after 3 s', of: (scenario) => ({ ...scenario, attemptMs: 3_000 }) },
];

type OpenLoad = Extract<Scenario['load'], { kind: 'open' }>;

/** Batches and plans are what they are: their processes are what the scenario is about. */
function withLoad(scenario: Scenario, changes: Partial<OpenLoad>): Scenario {
  const { load } = scenario;
  if (load.kind !== 'open' || load.processes === changes.processes) return scenario;
  return { ...scenario, load: { ...load, ...changes } };
}

function withHighLoad(scenario: Scenario): Scenario {
  const { server } = scenario;
  return server.quota === undefined ? withLoad(scenario, { perSecond: 0.95 * nominalCapacity(server) }) : scenario;
}

function withService(scenario: Scenario, serviceMs: number): Scenario {
  const { server } = scenario;
  const workers = Math.round((server.workers * serviceMs) / server.serviceMs);
  return { ...scenario, server: { ...server, workers, serviceMs } };
}
