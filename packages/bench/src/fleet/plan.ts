/** Who keeps the rate. */
export type LimiterName = 'Paceline' | 'Paceline, in memory' | 'Bottleneck' | 'rate-limiter-flexible';

/** What one worker process does. */
export interface WorkerPlan {
  readonly limiter: LimiterName;
  readonly redisUrl: string;
  /** Where its requests go; undefined sends none: the task is done at once. */
  readonly serverUrl: string | undefined;
  /** Name of the fleet in Redis. */
  readonly fleet: string;
  readonly perSecond: number;
  readonly burst: number;
  readonly demand: Demand;
  readonly ms: number;
  /** Added to both of the process's clocks, as Paceline sees them. */
  readonly clockAheadMs: number;
}

/** So many calls pending at any time, or so many a second whatever becomes of them. */
export type Demand = { readonly pending: number } | { readonly perSecond: number };

export interface StateChange {
  readonly state: string;
  readonly at: number;
}

/** What became of it. */
export interface WorkerResult {
  /** When each request left, by the clock that all processes of a machine share. */
  readonly departures: readonly number[];
  readonly failed: number;
  /** Commands sent to Redis. */
  readonly trips: number;
  /** From the call to its send, in milliseconds; those of the first second are left out. */
  readonly waits: { readonly p50: number; readonly p99: number };
  /** States of Paceline's store that the worker went through, and when, by that clock. */
  readonly states: readonly StateChange[];
}
