import type { Phase, ServerSpec } from '../server/server-spec.ts';

/** A server, what befalls it, and the calls that its clients have for it. Data only. */
export interface Scenario {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** What it is like out there, in a sentence or two. */
  readonly models: string;
  /** The best that any set of clients could do, and why. */
  readonly optimum: string;
  readonly server: ServerSpec;
  readonly phases: readonly Phase[];
  readonly load: Load;
  /** Mean time on the wire, there and back, in milliseconds. */
  readonly roundTripMs: number;
  /** What every strategy is given as the timeout of one attempt. */
  readonly attemptMs: number;
  /** When the caller of a call gives up, whatever the strategy does. */
  readonly totalMs: number;
  /** No call arrives after this time. */
  readonly endMs: number;
  /** When the trouble is over: time to recover counts from here. */
  readonly recoversAtMs?: number;
  /** Width of one point of the load curves; the peak is taken over it. */
  readonly binMs: number;
}

/** Which calls arrive, and where. */
export type Load =
  /** Calls that do not wait for each other, a Poisson stream a process. */
  | { readonly kind: 'open'; readonly processes: number; readonly perSecond: number; readonly skew?: number }
  /** All at once, at the very beginning, spread evenly. */
  | { readonly kind: 'batch'; readonly processes: number; readonly calls: number }
  /** These very calls, in order of time: a recorded hour, or the plan of a job. The same for every seed. */
  | { readonly kind: 'planned'; readonly processes: number; readonly calls: readonly PlannedCall[] };

export interface PlannedCall {
  /** Milliseconds since the start. */
  readonly at: number;
  /** Which process makes it, from 0. */
  readonly process: number;
}
