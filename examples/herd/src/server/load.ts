import type { Fate } from './model.ts';

/** One request as the server saw it. */
export interface Arrival {
  /** Milliseconds since the start. */
  readonly atMs: number;
  readonly fate: Fate['kind'];
}

/** The most arrivals that any window of `windowMs` holds, wherever it begins. `times` ascend. */
export function peakInWindow(times: readonly number[], windowMs: number): number {
  let peak = 0;
  let first = 0;
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? time) <= time - windowMs) first += 1;
    peak = Math.max(peak, index - first + 1);
  }
  return peak;
}
