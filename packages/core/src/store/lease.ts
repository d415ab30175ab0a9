import { type Bucket, refill, spend, waitFor } from '../lane/bucket.ts';
import type { RateRule } from '../policy/rules.ts';

/** Sums of fractions end this close to what they should be. */
const ROUNDING = 1e-9;

/** What one grant gave: tokens, and the shared buckets as they were, which say when each of them is there. */
interface Slice {
  left: number;
  readonly buckets: readonly Bucket[];
  readonly rates: readonly RateRule[];
}

/** Tokens that a store granted to this process and that are not spent, in the order in which they are there. */
export class Lease {
  #slices: Slice[] = [];

  get held(): number {
    return this.#slices.reduce((sum, { left }) => sum + left, 0);
  }

  /** Adds a grant that was made when the shared buckets stood at `levels`. */
  add(tokens: number, levels: readonly number[], rates: readonly RateRule[], now: number): void {
    if (tokens <= 0) return;
    const buckets = levels.map((level) => ({ tokens: level, at: now }));
    // A grant bounds what it holds by itself.
    this.#slices.push({ left: tokens, buckets, rates: rates.map((rate) => ({ ...rate, burst: Infinity })) });
  }

  /** Milliseconds until `cost` tokens are there; Infinity if so many were not granted. */
  waitMs(cost: number, now: number): number {
    if (cost <= 0) return 0;
    let missing = cost;
    let waitMs = 0;
    for (const slice of this.#slices) {
      const part = Math.min(missing, slice.left);
      waitMs = Math.max(waitMs, waitIn(slice, part, now));
      missing -= part;
      if (missing <= ROUNDING) return waitMs;
    }
    return Infinity;
  }

  /** Spends what `waitMs` saw. */
  take(cost: number): void {
    let missing = cost;
    while (missing > ROUNDING) {
      const first = this.#slices[0];
      if (first === undefined) return;
      const part = Math.min(missing, first.left);
      first.left -= part;
      for (const bucket of first.buckets) spend(bucket, part);
      missing -= part;
      if (first.left <= ROUNDING) this.#slices.shift();
    }
  }

  /** Takes back what was taken and never used. */
  giveBack(cost: number): void {
    const buckets: readonly Bucket[] = [];
    this.#slices.unshift({ left: cost, buckets, rates: [] });
  }

  /** Gives up to `tokens`, the latest first; returns how many. */
  giveUp(tokens: number): number {
    let given = 0;
    for (let last = this.#slices.at(-1); given < tokens && last !== undefined; last = this.#slices.at(-1)) {
      const part = Math.min(tokens - given, last.left);
      last.left -= part;
      given += part;
      if (last.left <= ROUNDING) this.#slices.pop();
    }
    return given;
  }
}

function waitIn({ buckets, rates }: Slice, tokens: number, now: number): number {
  let waitMs = 0;
  for (const [index, bucket] of buckets.entries()) {
    const rate = rates[index];
    if (rate === undefined) break;
    refill(bucket, rate, now);
    waitMs = Math.max(waitMs, waitFor(bucket, rate, tokens));
  }
  return waitMs;
}
