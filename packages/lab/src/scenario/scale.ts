import type { Scenario } from './scenario.ts';

/** The same scenario with a share of the server, of its quota and of its clients; what each client sees stays the same. */
export function scaled(scenario: Scenario, share: number): Scenario {
  if (share === 1) return scenario;
  const { server, load } = scenario;
  const { quota } = server;
  const some = (count: number): number => Math.max(1, Math.round(count * share));
  return {
    ...scenario,
    server: {
      ...server,
      workers: some(server.workers),
      queueLength: server.queueLength === null ? null : some(server.queueLength),
      ...(quota === undefined
        ? {}
        : { quota: { ...quota, limit: some(quota.limit), ...(quota.burst && { burst: some(quota.burst) }) } }),
    },
    load:
      load.kind === 'batch'
        ? { ...load, processes: some(load.processes), calls: some(load.calls) }
        : { ...load, processes: some(load.processes), perSecond: load.perSecond * share },
  };
}
