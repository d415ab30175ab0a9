import { type Bucket, carryOver, refill, waitForAll } from '../lane/bucket.ts';
import { Buckets } from '../lane/buckets.ts';
import type { BucketSnapshot } from '../monitor/snapshot.ts';
import type { RateRule } from '../policy/rules.ts';
import type { StoreGrant } from './pace-store.ts';

/** A lane's shared buckets and fleet as this process last saw them. */
export class SharedView {
  #processes = 1;
  #buckets: readonly Bucket[] | undefined;

  /** Processes that share the lane; 1 before the store told. */
  get processes(): number {
    return this.#processes;
  }

  see({ tokens, levels, processes }: StoreGrant, now: number): void {
    this.#processes = Math.max(1, processes);
    this.#buckets = levels.map((level) => ({ tokens: level - tokens, at: now }));
  }

  /** Follows new rates: nothing is won. */
  follow(rates: readonly RateRule[], now: number): void {
    const before = this.#buckets;
    this.#buckets = before && rates.map((rate, index) => carryOver(before[index], rate, now));
  }

  /** Takes what is left of this process's share for what all have left of theirs. */
  reckon(left: readonly BucketSnapshot[], now: number): void {
    this.#buckets = left.map(({ tokens }) => ({ tokens: tokens * this.#processes, at: now }));
  }

  /** Level of each bucket now, if nobody took anything since; undefined where none was seen. */
  levels(rates: readonly RateRule[], now: number): readonly number[] | undefined {
    return this.#buckets?.map((bucket, index) => {
      const rate = rates[index];
      if (rate !== undefined) refill(bucket, rate, now);
      return bucket.tokens;
    });
  }

  /** The least that `cost` tokens can take to leave, with all that the fleet has. */
  waitForAllMs(cost: number, heldMs: number, rates: readonly RateRule[], now: number): number {
    return rates.reduce((waitMs, rate, index) => {
      const bucket = { tokens: this.#level(rate, index, now), at: now };
      return Math.max(waitMs, waitForAll(bucket, rate, cost, heldMs));
    }, heldMs);
  }

  snapshot(rates: readonly RateRule[], now: number): readonly BucketSnapshot[] {
    return rates.map((rate, index) => ({
      tokens: this.#level(rate, index, now),
      burst: rate.burst,
      perSecond: rate.tokensPerMs * 1000,
    }));
  }

  /** This process's share of the rates, with room for `mostCost` in each bucket. */
  shares(rates: readonly RateRule[], mostCost: number): readonly RateRule[] {
    return rates.map(({ tokensPerMs, burst }) => ({
      tokensPerMs: tokensPerMs / this.#processes,
      burst: Math.max(mostCost, burst / this.#processes),
    }));
  }

  /** Buckets with this process's share, of which `leased` tokens are granted already. */
  share(rates: readonly RateRule[], mostCost: number, leased: number, now: number): Buckets {
    const levels = rates.map((rate, index) => this.#level(rate, index, now) / this.#processes - leased);
    return new Buckets(this.shares(rates, mostCost), now, levels);
  }

  /** What is there and promised to nobody; a bucket that was never seen counts as full. */
  #level(rate: RateRule, index: number, now: number): number {
    const bucket = this.#buckets?.[index];
    if (bucket === undefined) return rate.burst;
    refill(bucket, rate, now);
    return Math.max(0, bucket.tokens);
  }
}
