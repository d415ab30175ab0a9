import type { Load, Scenario } from '../scenario/scenario.ts';
import type { ServerSpec } from '../server/server-spec.ts';

/** 50 workers at 100 ms serve 500 requests a second. A short line, and 503 for whoever does not fit. */
const sheddingServer: ServerSpec = {
  workers: 50,
  serviceMs: 100,
  cv: 0.5,
  queueLength: 100,
  rejectionShare: 0.05,
  abandonedWork: 'done',
};

/** The same behind a line of five seconds: longer than anybody waits, and worked off to the end. */
export const queueingServer: ServerSpec = { ...sheddingServer, queueLength: 2_500 };

/** 400 calls a second, four fifths of the capacity, from 50 processes. */
const steadyLoad: Load = { kind: 'open', processes: 50, perSecond: 400 };

/** What most scenarios have in common. */
export const nominal: Pick<Scenario, 'server' | 'load' | 'roundTripMs' | 'attemptMs' | 'totalMs' | 'endMs' | 'binMs'> =
  {
    server: sheddingServer,
    load: steadyLoad,
    roundTripMs: 20,
    attemptMs: 1_000,
    totalMs: 10_000,
    endMs: 110_000,
    binMs: 1_000,
  };
