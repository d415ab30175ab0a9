import type { BucketSnapshot } from '../monitor/snapshot.ts';
import type { LaneRules } from '../policy/rules.ts';
import { Buckets } from './buckets.ts';
import type { TokenSource } from './token-source.ts';

/** All that must agree before an attempt leaves for a host: no hold, a free slot, and tokens for what it costs. */
export class Gate {
  #concurrency: number;
  /** Where tokens come from; undefined where none are needed. */
  #tokens: TokenSource | undefined;
  /** Whether other processes have their tokens from there, too. */
  readonly #isShared: boolean;
  #inFlight = 0;
  #heldUntil = -Infinity;

  /** Without `shared` tokens the lane has buckets of its own. */
  constructor(rules: LaneRules, now: number, shared?: TokenSource) {
    this.#concurrency = rules.concurrency;
    this.#tokens = shared ?? bucketsFor(rules, now);
    this.#isShared = shared !== undefined;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Milliseconds until it opens for one that costs `cost`; 0 is now. Infinity where only an event can open it. */
  waitMs(cost: number, now: number): number {
    if (this.#inFlight >= this.#concurrency) return Infinity;
    const heldMs = this.holdMs(now);
    return this.#tokens === undefined ? heldMs : Math.max(heldMs, this.#tokens.waitMs(cost, now));
  }

  /** The wait that hold and rates alone impose before `cost` tokens could have left. */
  leastWaitMs(cost: number, now: number): number {
    const heldMs = this.holdMs(now);
    return this.#tokens === undefined ? heldMs : this.#tokens.waitForAllMs(cost, heldMs, now);
  }

  /** Takes the slot and the tokens that `waitMs` saw. */
  take(cost: number): void {
    this.#tokens?.take(cost);
    this.#inFlight += 1;
  }

  /** An attempt is over: its slot is free. */
  release(): void {
    this.#inFlight -= 1;
  }

  /** Slot and tokens were taken and not used. */
  giveBack(cost: number, now: number): void {
    this.#tokens?.giveBack(cost, now);
    this.release();
  }

  /** What is left of a hold. */
  holdMs(now: number): number {
    return this.#heldUntil > now ? this.#heldUntil - now : 0;
  }

  /** Holds for `ms` milliseconds, or longer if it is held longer already; says whether that changed anything. */
  hold(ms: number, now: number): boolean {
    if (now + ms <= this.#heldUntil || ms <= 0) return false;
    this.#heldUntil = now + ms;
    return true;
  }

  /** Ends a hold before its time; says whether there was one. */
  unhold(now: number): boolean {
    const wasHeld = this.#heldUntil > now;
    this.#heldUntil = -Infinity;
    return wasHeld;
  }

  follow(rules: LaneRules, now: number): void {
    this.#concurrency = rules.concurrency;
    if (rules.rates.length === 0 && !this.#isShared) this.#tokens = undefined;
    else if (this.#tokens === undefined) this.#tokens = bucketsFor(rules, now);
    else this.#tokens.follow(rules.rates, now);
  }

  /** Whether a new gate in its place would behave the same. */
  isAtRest(now: number): boolean {
    return this.#inFlight === 0 && this.#heldUntil <= now && (this.#tokens?.isFull(now) ?? true);
  }

  buckets(now: number): readonly BucketSnapshot[] {
    return this.#tokens?.snapshot(now) ?? [];
  }
}

function bucketsFor({ rates }: LaneRules, now: number): Buckets | undefined {
  return rates.length === 0 ? undefined : new Buckets(rates, now);
}
