/** What several rounds came to: the quartiles. */
export interface Summary {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export function summarise(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    return ((sorted[Math.floor(place)] ?? Number.NaN) + (sorted[Math.ceil(place)] ?? Number.NaN)) / 2;
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** `3.14`, `31.4`, `3,140`: three digits say all that a shared machine can. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: decimals, minimumFractionDigits: decimals });
}

/** The median, and the middle half of the rounds. */
export function spread({ low, median, high }: Summary): string {
  return `${digits(median)} [${digits(low)}–${digits(high)}]`;
}
