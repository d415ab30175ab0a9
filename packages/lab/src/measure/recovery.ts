import type { Run } from '../sim/simulate.ts';

const RECOVERED = 0.95;
const STABLE_MS = 5_000;
const STEP_MS = 250;

/** Counts calls by their arrival: of those who come from now on, how many will be served? Null if that never was enough. */
export function recoveryMs({ scenario, calls }: Run): number | null | undefined {
  const { recoversAtMs, endMs } = scenario;
  if (recoversAtMs === undefined) return undefined;
  for (let from = recoversAtMs; from + STABLE_MS <= endMs; from += STEP_MS) {
    const first = firstFrom(calls.arrivedAt, from);
    const last = firstFrom(calls.arrivedAt, from + STABLE_MS);
    const successes = calls.succeeded.subarray(first, last).reduce((sum, each) => sum + each, 0);
    if (last > first && successes >= RECOVERED * (last - first)) return from - recoversAtMs;
  }
  return null;
}

/** Index of the first of the ascending `times` that is not before `from`. */
function firstFrom(times: Float64Array, from: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
