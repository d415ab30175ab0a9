import type { CallResult } from '../clients/herd.ts';
import { type Arrival, peakInWindow } from '../server/load.ts';

/** What a strategy came to. Times are in milliseconds. */
export interface Figures {
  readonly calls: number;
  /** Calls that ended without a 200. */
  readonly lost: number;
  /** Requests that reached the server, per call. */
  readonly attemptsPerCall: number;
  /** The most requests that reached the server within 100 ms. */
  readonly peakIn100Ms: number;
  /** From the start to the end of the last call. */
  readonly doneMs: number;
  /** Time after which half of all calls had their 200; Infinity if that many never had. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Success and times are the callers', the load is the server's. */
export function figuresOf(results: readonly CallResult[], arrivals: readonly Arrival[]): Figures {
  // A lost call never had its answer: failing fast must not look like being fast.
  const times = results.map(({ succeeded, tookMs }) => (succeeded ? tookMs : Number.POSITIVE_INFINITY));
  const sorted = times.toSorted((a, b) => a - b);
  return {
    calls: results.length,
    lost: results.filter(({ succeeded }) => !succeeded).length,
    attemptsPerCall: arrivals.length / results.length,
    peakIn100Ms: peakInWindow(
      arrivals.map(({ atMs }) => atMs),
      100,
    ),
    doneMs: Math.max(...results.map(({ settledAtMs }) => settledAtMs)),
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

/** The smallest value that at least `share` of all do not exceed (nearest rank). */
function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.ceil(share * ascending.length) - 1] ?? Number.NaN;
}
