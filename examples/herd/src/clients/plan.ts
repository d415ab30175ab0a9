import type { HerdSpec } from '../scenario.ts';

/** A call that a client will make, whatever became of its others. */
export interface PlannedCall {
  readonly atMs: number;
  /** From 0. */
  readonly client: number;
}

/** Every call of a run, in order of time. */
export function planCalls(spec: HerdSpec): readonly PlannedCall[] {
  return [...streamOf(spec), ...herdOf(spec)].toSorted((a, b) => a.atMs - b.atMs);
}

function streamOf({ clients, stream }: HerdSpec): readonly PlannedCall[] {
  const count = Math.floor((stream.perSecond * stream.forMs) / 1000);
  return Array.from({ length: count }, (_, index) => ({
    atMs: (index * 1000) / stream.perSecond,
    client: index % clients,
  }));
}

/** Clients' clocks differ a little; the calls of one client start together. */
function herdOf({ clients, herd }: HerdSpec): readonly PlannedCall[] {
  return Array.from({ length: clients * herd.callsPerClient }, (_, index) => {
    const client = index % clients;
    return { atMs: herd.atMs + (client * herd.spreadMs) / clients, client };
  });
}
