import type { QuantilesSnapshot } from './snapshot.ts';

/** Buckets to an octave of 1 + ms: the middle of one is at most 3.6 % off what is in it. */
const PER_OCTAVE = 10;

/** Longer times count as that, in milliseconds: more than an hour. */
const LONGEST_MS = 4_000_000;

/** At this many samples every count is halved, so that the quantiles lean to the recent. */
const MOST_SAMPLES = 8192;

/** Counts of times in buckets that are even in log(1 + ms); grows to the largest seen, at most 220 of them. */
export class Histogram {
  /** Count of the first bucket, "at once". Most waits are in it, so that most lanes need no others for them. */
  #atOnce = 0;
  /** Counts of the buckets after the first; fractions after a halving, so that rare long times are not rounded away. */
  #counts: number[] | undefined;
  #samples = 0;
  #total = 0;

  record(ms: number): void {
    const index = indexOf(ms);
    if (index === 0) this.#atOnce += 1;
    else this.#count(index - 1);
    this.#samples += 1;
    this.#total += 1;
    if (this.#samples >= MOST_SAMPLES) this.#halve();
  }

  /** Samples so far. */
  get count(): number {
    return this.#total;
  }

  snapshot(): QuantilesSnapshot {
    return { count: this.#total, p50: this.quantile(0.5), p90: this.quantile(0.9), p99: this.quantile(0.99) };
  }

  /** The time that a share `q` of the samples did not exceed; null without samples. */
  quantile(q: number): number | null {
    if (this.#samples === 0) return null;
    let left = q * this.#samples - this.#atOnce;
    const counts = this.#counts;
    if (left <= 0 || counts === undefined) return 0;
    const index = counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return middleOf(index === -1 ? counts.length : index + 1);
  }

  #count(index: number): void {
    this.#counts ??= [];
    while (this.#counts.length <= index) this.#counts.push(0);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  #halve(): void {
    this.#atOnce /= 2;
    this.#samples /= 2;
    this.#counts = this.#counts?.map((count) => count / 2);
  }
}

/** Where the second bucket begins. Below it, where waits mostly are, no logarithm is needed. */
const AT_ONCE_MS = 2 ** (1 / PER_OCTAVE) - 1;

function indexOf(ms: number): number {
  return ms >= AT_ONCE_MS ? Math.floor(PER_OCTAVE * Math.log2(1 + Math.min(ms, LONGEST_MS))) : 0;
}

/** Not asked of the first bucket, which is 0. */
function middleOf(index: number): number {
  return 2 ** ((index + 0.5) / PER_OCTAVE) - 1;
}
