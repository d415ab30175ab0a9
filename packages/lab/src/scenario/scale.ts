import type { Load, Scenario } from './scenario.ts';

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
    load: scaledLoad(load, some(load.processes), share),
  };
}

function scaledLoad(load: Load, processes: number, share: number): Load {
  switch (load.kind) {
    case 'open':
      return { ...load, processes, perSecond: load.perSecond * share };
    case 'batch':
      return { ...load, processes, calls: Math.max(1, Math.round(load.calls * share)) };
    case 'planned': {
      const copies = (index: number): number => Math.floor((index + 1) * share) - Math.floor(index * share);
      const calls = load.calls.flatMap(({ at, process }, index) =>
        Array.from({ length: copies(index) }, (_, copy) => ({ at, process: (process + copy) % processes })),
      );
      return { ...load, processes, calls };
    }
  }
}
