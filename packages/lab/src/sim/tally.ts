/** What is known of every call of a run; index by the call's number. */
export interface CallTable {
  readonly arrivedAt: Float64Array;
  readonly process: Int32Array;
  /** NaN while the call is not over. */
  readonly settledAt: Float64Array;
  /** 1 where the call got what it wanted, in time. */
  readonly succeeded: Uint8Array;
  readonly attempts: Int32Array;
}

/** What happened over time; index by the number of the bin. */
export interface Curves {
  readonly binMs: number;
  /** Calls that arrived. */
  readonly calls: Float64Array;
  /** Attempts that came to the server, or would have if it took connections. */
  readonly attempts: Float64Array;
  /** Requests that were worked on to their end. */
  readonly served: Float64Array;
  /** Calls that ended well. */
  readonly succeeded: Float64Array;
  /** The longest line before the workers. */
  readonly queue: Float64Array;
}

export function emptyCurves(binMs: number, endMs: number): Curves {
  const bins = (): Float64Array => new Float64Array(Math.ceil(endMs / binMs) + 1);
  return { binMs, calls: bins(), attempts: bins(), served: bins(), succeeded: bins(), queue: bins() };
}

/** Adds one to the bin of a time. */
export function count(curve: Float64Array, binMs: number, now: number): void {
  const bin = Math.floor(now / binMs);
  curve[bin] = (curve[bin] ?? 0) + 1;
}

export function emptyCallTable(arrivals: { readonly at: Float64Array; readonly process: Int32Array }): CallTable {
  const { length } = arrivals.at;
  return {
    arrivedAt: arrivals.at,
    process: arrivals.process,
    settledAt: new Float64Array(length).fill(Number.NaN),
    succeeded: new Uint8Array(length),
    attempts: new Int32Array(length),
  };
}
