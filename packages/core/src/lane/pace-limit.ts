import { PACE } from '../pace/constants.ts';
import type { Pacing } from '../pace/pacing.ts';
import type { RateRule } from '../policy/rules.ts';
import { type Bucket, fullBucket, giveBack, refill, spend, waitFor, waitForAll } from './bucket.ts';

/** What the pace puts before a lane's attempts: a token bucket, which counts attempts whatever they cost, and a window. */
export class PaceLimit {
  #window: number;
  #rule: RateRule;
  readonly #bucket: Bucket;

  constructor({ perSecond, inFlight }: Pacing, now: number) {
    this.#window = Math.floor(inFlight);
    this.#rule = ruleOf(perSecond);
    this.#bucket = fullBucket(this.#rule, now);
  }

  /** Milliseconds until another attempt may leave beside those in flight; Infinity where one of them has to end first. */
  waitMs(inFlight: number, now: number): number {
    if (inFlight >= this.#window) return Infinity;
    refill(this.#bucket, this.#rule, now);
    return waitFor(this.#bucket, this.#rule, 1);
  }

  /** Milliseconds until `attempts` could have left one after the other, if none leaves within the first `heldMs`. */
  waitForAllMs(attempts: number, heldMs: number, now: number): number {
    refill(this.#bucket, this.#rule, now);
    return waitForAll(this.#bucket, this.#rule, attempts, heldMs);
  }

  take(): void {
    spend(this.#bucket, 1);
  }

  giveBack(): void {
    giveBack(this.#bucket, this.#rule, 1);
  }

  /** Follows new limits: what came in at the old rate stays, as far as it fits. */
  follow({ perSecond, inFlight }: Pacing, now: number): void {
    refill(this.#bucket, this.#rule, now);
    this.#window = Math.floor(inFlight);
    this.#rule = ruleOf(perSecond);
    this.#bucket.tokens = Math.min(this.#rule.burst, this.#bucket.tokens);
  }

  /** The next attempt waits for a token of its own. */
  empty(): void {
    this.#bucket.tokens = 0;
  }
}

function ruleOf(perSecond: number): RateRule {
  const tokensPerMs = perSecond / 1000;
  return { tokensPerMs, burst: Math.max(1, PACE.burstMs * tokensPerMs) };
}
