/** Arrivals in the fullest window, over those that `burst` and the rate allow in it: 1 is exactly as many. */
export function fullestWindow(times: readonly number[], burst: number, perMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let fullest = 0;
  for (const [first, from] of sorted.entries()) {
    for (let last = first; last < sorted.length; last += 1) {
      const allowed = burst + ((sorted[last] ?? from) - from) * perMs;
      fullest = Math.max(fullest, (last - first + 1) / allowed);
    }
  }
  return fullest;
}
