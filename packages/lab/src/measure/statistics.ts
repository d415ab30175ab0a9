/** The smallest value that a share `q` of the sorted ones does not exceed; null of nothing. */
export function quantile(sorted: Float64Array, q: number): number | null {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

/**
 * Fairness of what `shares` were given: 1 if all have the same, 1/n if one has all; 1 as well where nobody has anything.
 *
 * Source: R. Jain, D. Chiu, W. Hawe, "A quantitative measure of fairness", DEC TR-301, 1984.
 */
export function jain(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}

/** Middle, least and most of a figure over seeds; null is more than any number, since it means never. */
export interface Spread {
  readonly median: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/** Of an even number of values, the median is the lower of the middle two. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  const at = (index: number): number | null => {
    const value = sorted[index] ?? Infinity;
    return value === Infinity ? null : value;
  };
  return { median: at(Math.ceil(sorted.length / 2) - 1), least: at(0), most: at(sorted.length - 1) };
}
