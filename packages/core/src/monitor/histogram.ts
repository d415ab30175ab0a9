import type { QuantilesSnapshot } from './snapshot.ts';

/** Buckets to an octave: a bucket is at most an eighth of its values wide. */
const PER_OCTAVE = 8;

/** Longer times than 2^22 ms, about 70 minutes, count as that. */
const MOST_OCTAVES = 22;

/** At this many samples every count is halved, so that the quantiles lean to the recent. */
const MOST_SAMPLES = 8192;

/** Counts of times in milliseconds in log-linear buckets; grows to the largest seen, at most 184 of them. */
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

function indexOf(ms: number): number {
  if (!(ms >= 1)) return ms > 0 ? Math.floor(ms * PER_OCTAVE) : 0;
  if (ms >= 2 ** MOST_OCTAVES) return PER_OCTAVE * (MOST_OCTAVES + 1) - 1;
  const octave = 31 - Math.clz32(ms);
  return PER_OCTAVE * (octave + 1) + Math.floor((ms / 2 ** octave - 1) * PER_OCTAVE);
}

function middleOf(index: number): number {
  if (index === 0) return 0;
  if (index < PER_OCTAVE) return (index + 0.5) / PER_OCTAVE;
  const octave = Math.floor(index / PER_OCTAVE) - 1;
  return 2 ** octave * (1 + ((index % PER_OCTAVE) + 0.5) / PER_OCTAVE);
}
