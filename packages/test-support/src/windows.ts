/** By how many of these times the fullest window of t milliseconds exceeds burst + perMs · t; 0 if none does. */
export function excessOf(times: readonly number[], burst: number, perMs: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [index, at] of times.toSorted((a, b) => a - b).entries()) {
    lowest = Math.min(lowest, index - at * perMs);
    most = Math.max(most, index + 1 - at * perMs - lowest - burst);
  }
  return most;
}
