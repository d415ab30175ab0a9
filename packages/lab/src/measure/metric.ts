import type { Run } from '../sim/simulate.ts';

/** One figure of a run, and how to read it. */
export interface Metric {
  /** As in JSON. */
  readonly name: string;
  /** As a column's title. */
  readonly title: string;
  readonly means: string;
  readonly better: 'higher' | 'lower';
  readonly unit: 'share' | 'times' | 'ms' | 'count' | 'score';
  /** What it is about: the server sees no difference between the members of a fleet. @default 'calls' */
  readonly about?: 'calls' | 'server';
  /** null: it never came to that (longer than the run). undefined: makes no sense in this scenario. */
  readonly of: (facts: RunFacts) => number | null | undefined;
}

/** A run, and what several metrics need of it. */
export interface RunFacts {
  readonly run: Run;
  /** Latencies of the calls that ended well, ascending, waits and retries included. */
  readonly latencies: Float64Array;
  readonly attempts: number;
  /** What the oracle achieves, at all and within the time that counts as fast. */
  readonly optimum: { readonly successes: number; readonly fast: number };
}

/** Figures of one run by the metric's name. */
export type Figures = Readonly<Record<string, number | null>>;
