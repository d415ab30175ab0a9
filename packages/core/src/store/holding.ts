import type { RateRule } from '../policy/rules.ts';
import { Demand } from './demand.ts';
import { Lease } from './lease.ts';
import type { StoreAsk, StoreGrant } from './pace-store.ts';
import { HORIZON_MS, LEASE_MS } from './timing.ts';

/** A lane that spends fewer tokens a lease asks for each of them. */
const BUSY = 2;

/** What a process wants, and what has become of what it had. */
type Wish = Pick<StoreAsk, 'least' | 'waiting' | 'spare' | 'kept' | 'returned'>;

/** The tokens that a process has from a store, and the account that it owes of them. */
export class Holding {
  readonly #lease = new Lease();
  readonly #demand = new Demand(LEASE_MS);
  #endsAt = Infinity;
  #latestGrant = 0;
  /** Spare tokens that the store thinks are here. */
  #kept = 0;
  /** Tokens that go back with the next word to the store. */
  #returned = 0;

  get held(): number {
    return this.#lease.held;
  }

  get kept(): number {
    return this.#kept;
  }

  /** Milliseconds until `cost` tokens are there; Infinity if so many were not granted. */
  waitMs(cost: number, now: number): number {
    this.#end(now);
    return this.#lease.waitMs(cost, now);
  }

  /** Milliseconds until all that was promised is there. */
  promisedMs(now: number): number {
    return this.#lease.waitMs(this.#lease.held, now);
  }

  /** Spends what is there, if it is enough; the demand counts either way. */
  take(cost: number, now: number): boolean {
    this.#demand.add(cost, now);
    if (this.#lease.waitMs(cost, now) > 0) return false;
    this.#lease.take(cost);
    return true;
  }

  /** Takes back what was taken and never used. */
  giveBack(cost: number): void {
    this.#lease.giveBack(cost);
  }

  /** Tokens that a lane like this one should have at hand. */
  target(now: number): number {
    if (this.#demand.expected(LEASE_MS, now) < BUSY) return 0;
    return Math.ceil(this.#demand.expected(HORIZON_MS, now));
  }

  /** Whether it is time to renew: half of what should be here is spent. */
  isLow(waitingCost: number, now: number): boolean {
    const wanted = Math.max(this.target(now), waitingCost > 0 ? this.#latestGrant : 0);
    return this.#lease.held < wanted / 2;
  }

  /** Whether tokens were promised to calls that do not wait any more. */
  isIdle(waitingCost: number): boolean {
    return this.#lease.held - waitingCost - this.#kept >= 1;
  }

  /** Settles what was had, and says what is wanted for calls that wait for `waiting` tokens, the next for `next`. */
  settle(waiting: number, next: number, target: number, now: number): Wish {
    this.#end(now);
    this.#returned += this.#lease.giveUp(Math.max(0, this.#lease.held - waiting - target));
    const { held } = this.#lease;
    const returned = this.#returned;
    this.#kept = Math.max(0, held - waiting);
    this.#returned = 0;
    return {
      least: waiting > held ? Math.max(0, next - held) : 0,
      waiting: Math.max(0, waiting - held),
      spare: Math.max(0, target - this.#kept),
      kept: this.#kept,
      returned,
    };
  }

  /** Takes in what was granted for a wish. */
  keep({ tokens, levels }: StoreGrant, wish: Wish, rates: readonly RateRule[], sentAt: number, now: number): void {
    this.#lease.add(tokens, levels, rates, now);
    this.#latestGrant = tokens;
    this.#kept = wish.kept + Math.max(0, tokens - wish.waiting);
    this.#endsAt = sentAt + LEASE_MS + this.promisedMs(now);
  }

  /** Tokens that the store does not know to be back, after all. */
  owe(tokens: number): void {
    this.#returned += tokens;
  }

  /** Gives up everything: what goes back, undefined if the store has nothing to learn. */
  giveUp(): number | undefined {
    const tokens = this.#returned + this.#lease.giveUp(Infinity);
    const isNews = tokens > 0 || this.#kept > 0;
    this.#returned = 0;
    this.#kept = 0;
    return isNews ? tokens : undefined;
  }

  #end(now: number): void {
    if (now >= this.#endsAt) this.#returned += this.#lease.giveUp(Infinity);
  }
}
