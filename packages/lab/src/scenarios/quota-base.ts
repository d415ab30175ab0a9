import type { Scenario } from '../scenario/scenario.ts';
import type { QuotaSpec } from '../server/server-spec.ts';
import { nominal } from './nominal.ts';

/** 1 000 requests in each ten seconds, from the full ten seconds on. */
const window: Omit<QuotaSpec, 'hint'> = { kind: 'fixed-window', limit: 1_000, perMs: 10_000 };

/** 100 a second, a second's worth at once. */
const bucket: Omit<QuotaSpec, 'hint'> = { kind: 'token-bucket', limit: 100, perMs: 1_000, burst: 100 };

type Common = Omit<Scenario, 'name' | 'title' | 'models' | 'optimum'>;

/** The server has room enough for whatever its quota lets through, so that the quota alone decides. */
function quotaOf(spec: QuotaSpec): Scenario['server'] {
  return { ...nominal.server, workers: 500, queueLength: 1_000, quota: spec };
}

/** 3 000 calls at once, a window's worth of quota three times over. */
function batch(hint: QuotaSpec['hint']): Common {
  return {
    ...nominal,
    server: quotaOf({ ...window, hint }),
    phases: [],
    load: { kind: 'batch', processes: 10, calls: 3_000 },
    totalMs: 60_000,
    endMs: 1,
  };
}

/** 130 calls a second for a quota of 100. */
function steady(spec: QuotaSpec): Common {
  return {
    ...nominal,
    server: quotaOf(spec),
    phases: [],
    load: { kind: 'open', processes: 10, perSecond: 130 },
    endMs: 60_000,
  };
}

/** What the quota scenarios are made of. */
export const quota: {
  readonly batch: typeof batch;
  readonly steady: typeof steady;
  readonly window: typeof window;
  readonly bucket: typeof bucket;
} = { batch, steady, window, bucket };
