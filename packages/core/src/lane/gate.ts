import type { Breaker, Era } from '../breaker/breaker.ts';
import type { BucketSnapshot } from '../monitor/snapshot.ts';
import type { Pacing } from '../pace/pacing.ts';
import type { LaneRules } from '../policy/rules.ts';
import { Buckets } from './buckets.ts';
import { PaceLimit } from './pace-limit.ts';
import type { TokenSource } from './token-source.ts';

/** All that must agree before an attempt leaves for a host: no hold, a free slot, tokens for what it costs, breaker and pace. */
export class Gate {
  /** Undefined where the policy has none. */
  breaker: Breaker | undefined = undefined;

  #concurrency: number;
  /** Where tokens come from; undefined where none are needed. */
  #tokens: TokenSource | undefined;
  /** Whether other processes have their tokens from there, too. */
  readonly #isShared: boolean;
  /** Undefined while the host is well. */
  #pace: PaceLimit | undefined;
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

  /** Whether the pace limits. */
  get isPaced(): boolean {
    return this.#pace !== undefined;
  }

  /** Milliseconds until it opens for one that costs `cost`; 0 is now. Infinity where only an event can open it. */
  waitMs(cost: number, now: number): number {
    if (this.#inFlight >= this.#concurrency) return Infinity;
    const heldMs = this.holdMs(now);
    // Tokens that the breaker would not let anybody use are not asked for.
    const openMs = this.breaker?.openMs(now) ?? 0;
    if (openMs > 0) return Math.max(heldMs, openMs);
    const pacedMs = this.#pace === undefined ? heldMs : Math.max(heldMs, this.#pace.waitMs(this.#inFlight, now));
    const waitMs = this.#tokens === undefined ? pacedMs : Math.max(pacedMs, this.#tokens.waitMs(cost, now));
    // Asked last: it may begin to try the host out, which is of no use while something else keeps attempts back.
    return waitMs > 0 || this.breaker === undefined ? waitMs : this.breaker.waitMs(now);
  }

  /** Whether the host is thought to be well: an attempt that need not be may leave. */
  get isCalm(): boolean {
    return !this.isPaced && (this.breaker === undefined || this.breaker.state === 'closed');
  }

  /** The wait that hold, breaker, rates and pace alone impose before `attempts` that cost `cost` in all could have left. */
  leastWaitMs(cost: number, attempts: number, now: number): number {
    const waitMs = this.hostWaitMs(attempts, now);
    if (this.#tokens === undefined) return waitMs;
    return Math.max(waitMs, this.#tokens.waitForAllMs(cost, this.shutMs(now), now));
  }

  /** The part of it that the host's state imposes: hold, breaker and pace. */
  hostWaitMs(attempts: number, now: number): number {
    const shutMs = this.shutMs(now);
    return this.#pace === undefined ? shutMs : this.#pace.waitForAllMs(attempts, shutMs, now);
  }

  /** Takes the slot and the tokens that `waitMs` saw. */
  take(cost: number, now: number): void {
    this.#tokens?.take(cost);
    this.#pace?.take();
    this.breaker?.take(now);
    this.#inFlight += 1;
  }

  /** An attempt is over: its slot is free. */
  release(): void {
    this.#inFlight -= 1;
  }

  /** An attempt that left in `era` came to nothing that would tell of the host. */
  abandon(era: Era | undefined, now: number): void {
    this.breaker?.giveBack(era, now);
    this.release();
  }

  /** Slot and tokens were taken and not used. */
  giveBack(cost: number, era: Era | undefined, now: number): void {
    this.#tokens?.giveBack(cost, now);
    this.#pace?.giveBack();
    this.abandon(era, now);
  }

  /** The time for which hold and breaker let nobody through, as far as it is known. */
  shutMs(now: number): number {
    const heldMs = this.holdMs(now);
    return this.breaker === undefined ? heldMs : Math.max(heldMs, this.breaker.openMs(now));
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

  /** Limits to what the host is thought to bear; undefined lifts the limits. */
  pace(pacing: Pacing | undefined, now: number): void {
    if (pacing === undefined) this.#pace = undefined;
    else if (this.#pace === undefined) this.#pace = new PaceLimit(pacing, now);
    else this.#pace.follow(pacing, now);
  }

  /** Lets the next attempt wait for a new token of the pace. */
  drain(): void {
    this.#pace?.empty();
  }

  follow(rules: LaneRules, now: number): void {
    this.#concurrency = rules.concurrency;
    if (rules.rates.length === 0 && !this.#isShared) this.#tokens = undefined;
    else if (this.#tokens === undefined) this.#tokens = bucketsFor(rules, now);
    else this.#tokens.follow(rules.rates, now);
  }

  /** Whether a new gate in its place would behave the same. */
  isAtRest(now: number): boolean {
    const isIdle = this.#inFlight === 0 && this.#heldUntil <= now && this.#pace === undefined;
    return isIdle && (this.#tokens?.isFull(now) ?? true) && (this.breaker?.isAtRest(now) ?? true);
  }

  buckets(now: number): readonly BucketSnapshot[] {
    return this.#tokens?.snapshot(now) ?? [];
  }
}

function bucketsFor({ rates }: LaneRules, now: number): Buckets | undefined {
  return rates.length === 0 ? undefined : new Buckets(rates, now);
}
