import type { BucketSnapshot } from '../monitor/snapshot.ts';
import type { RateRule } from '../policy/rules.ts';
import { type Bucket, carryOver, giveBack, refill, spend, waitFor, waitForAll } from './bucket.ts';
import type { TokenSource } from './token-source.ts';

/** The token buckets of a lane, one for each rate of its policy; all must have what a call costs. */
export class Buckets implements TokenSource {
  #rates: readonly RateRule[];
  /** In the order of the rates. */
  #buckets: readonly Bucket[];

  /** Full, unless `levels` says what is in them. */
  constructor(rates: readonly RateRule[], now: number, levels?: readonly number[]) {
    this.#rates = rates;
    this.#buckets = rates.map(({ burst }, index) => ({ tokens: Math.min(burst, levels?.[index] ?? burst), at: now }));
  }

  waitMs(cost: number, now: number): number {
    let waitMs = 0;
    for (let index = 0; index < this.#rates.length; index += 1) {
      const bucket = this.#buckets[index];
      const rate = this.#rates[index];
      if (bucket === undefined || rate === undefined) break;
      refill(bucket, rate, now);
      waitMs = Math.max(waitMs, waitFor(bucket, rate, cost));
    }
    return waitMs;
  }

  waitForAllMs(cost: number, heldMs: number, now: number): number {
    return this.#refilled(now).reduce(
      (waitMs, [bucket, rate]) => Math.max(waitMs, waitForAll(bucket, rate, cost, heldMs)),
      heldMs,
    );
  }

  take(cost: number): void {
    for (const bucket of this.#buckets) spend(bucket, cost);
  }

  giveBack(cost: number, now: number): void {
    for (const [bucket, rate] of this.#refilled(now)) giveBack(bucket, rate, cost);
  }

  follow(rates: readonly RateRule[], now: number): void {
    const before = this.#refilled(now).map(([bucket]) => bucket);
    this.#buckets = rates.map((rate, index) => carryOver(before[index], rate, now));
    this.#rates = rates;
  }

  isFull(now: number): boolean {
    return this.#refilled(now).every(([bucket, rate]) => bucket.tokens === rate.burst);
  }

  snapshot(now: number): readonly BucketSnapshot[] {
    return this.#refilled(now).map(([{ tokens }, { burst, tokensPerMs }]) => ({
      tokens,
      burst,
      perSecond: tokensPerMs * 1000,
    }));
  }

  #refilled(now: number): readonly (readonly [bucket: Bucket, rate: RateRule])[] {
    return this.#buckets.flatMap((bucket, index) => {
      const rate = this.#rates[index];
      if (rate === undefined) return [];
      refill(bucket, rate, now);
      return [[bucket, rate] as const];
    });
  }
}
