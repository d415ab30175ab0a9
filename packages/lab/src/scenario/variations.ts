import type { Scenario } from './scenario.ts';

/** The same trouble under other circumstances; applies to every scenario. Named as in `brownout@processes-400`. */
export interface Variation {
  readonly name: string;
  readonly does: string;
  readonly of: (scenario: Scenario) => Scenario;
}

/** Kept out of any tuning, and reported apart: who is good at the standard scenarios only is not good. */
export const variations: readonly Variation[] = [
  { name: 'processes-10', does: '10 processes instead of 50', of: (scenario) => withProcesses(scenario, 10) },
  { name: 'processes-400', does: '400 processes instead of 50', of: (scenario) => withProcesses(scenario, 400) },
  { name: 'load-95', does: '95 % of the capacity is asked for', of: (scenario) => withLoad(scenario, 475) },
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
  { name: 'zipf', does: 'few processes have most of the calls', of: withSkew },
  { name: 'timeout-3s', does: 'attempts time out after 3 s', of: (scenario) => ({ ...scenario, attemptMs: 3_000 }) },
];

function withProcesses(scenario: Scenario, processes: number): Scenario {
  return { ...scenario, load: { ...scenario.load, processes } };
}

function withLoad(scenario: Scenario, perSecond: number): Scenario {
  return scenario.load.kind === 'open' ? { ...scenario, load: { ...scenario.load, perSecond } } : scenario;
}

function withService(scenario: Scenario, serviceMs: number): Scenario {
  const { server } = scenario;
  const workers = Math.round((server.workers * serviceMs) / server.serviceMs);
  return { ...scenario, server: { ...server, workers, serviceMs } };
}

function withSkew(scenario: Scenario): Scenario {
  return scenario.load.kind === 'open' ? { ...scenario, load: { ...scenario.load, skew: 1 } } : scenario;
}
