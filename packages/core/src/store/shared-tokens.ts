import type { TokenSource } from '../lane/token-source.ts';
import type { BucketSnapshot, StoreSnapshot } from '../monitor/snapshot.ts';
import type { RateRule } from '../policy/rules.ts';
import type { Clock, Timer } from '../time/clock.ts';
import { Demand } from './demand.ts';
import { Lease } from './lease.ts';
import type { OutageReason, PaceStore, StoreAsk, StoreGrant, StoreState } from './pace-store.ts';
import { SharedView } from './shared-view.ts';
import { type Asker, StoreLink } from './store-link.ts';
import { SHARED, type Supply, substitute } from './supply.ts';

/** How long granted tokens may be kept. What other processes did to the hold is known by then, too. */
const LEASE_MS = 1_000;

/** A lease is renewed, or goes back, at this age. */
const RENEW_MS = 750;

/** How much of the expected demand a lane keeps at hand, and how far ahead its waiting calls are promised tokens. */
const HORIZON_MS = 250;

/** A store that does not answer is asked again this often, as long as the lane is used. */
const PROBE_MS = 500;

/** An answer that did not come by then is not waited for any more; a lane that was not used for so long asks no more. */
const LOST_MS = 10_000;

/** After a stall of the process its timers run first, and the answer that came meanwhile is read only then. */
const LAST_LOOK_MS = 1;

/** A lane that spends fewer tokens a lease asks for each of them. */
const BUSY = 2;

/** A store, and this engine's name among those that share it. */
export interface Fleet {
  readonly store: PaceStore;
  readonly holder: string;
}

/** What the tokens' lane is to them. */
export interface LeasedLane {
  readonly key: string;
  /** Tokens that all waiting calls take. */
  waitingCost(): number;
  holdMs(now: number): number;
  /** There may be something to hand out, or somebody to refuse. */
  supplied(now: number): void;
  /** Another process holds the host. */
  heldElsewhere(ms: number, now: number): void;
  releasedElsewhere(now: number): void;
  storeChanged(state: StoreState, reason: OutageReason | undefined, now: number): void;
}

/**
 * A lane's tokens where a store shares them between processes. Calls spend a lease: tokens that the store granted to this
 * process. It is renewed in the background, sized by what the lane spends and by what waits. Only a call that finds no
 * token waits for the store, `timeoutMs` at most: then the outage policy supplies the lane, until the store answers again.
 */
export class SharedTokens implements TokenSource, Asker {
  readonly #store: PaceStore;
  readonly #holder: string;
  readonly #clock: Clock;
  readonly #lane: LeasedLane;
  readonly #link: StoreLink;
  readonly #lease = new Lease();
  readonly #view = new SharedView();
  readonly #demand = new Demand(LEASE_MS);
  #rates: readonly RateRule[];
  #supply: Supply = SHARED;
  /** What the latest call that found no token would take; 0 once it is asked for. */
  #lacking = 0;
  /** The most that a call cost while the store was out. */
  #mostCost = 1;
  #latestGrant = 0;
  /** Spare tokens that the store thinks are here. */
  #kept = 0;
  #leaseEndsAt = Infinity;
  #answeredAt = -Infinity;
  /** What the store is still to be told: tokens that go back, and whether others were spent without it. */
  #returned = 0;
  #isOverdrawn = false;
  /** The ask, by its time, whose answer was looked for once more. */
  #lookedAgain = -Infinity;
  /** Undefined before the store told. */
  #released: number | undefined;
  /** Time of the latest look; also of the latest use. */
  #now: number;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor({ store, holder }: Fleet, rates: readonly RateRule[], clock: Clock, lane: LeasedLane) {
    this.#store = store;
    this.#holder = holder;
    this.#rates = rates;
    this.#clock = clock;
    this.#lane = lane;
    this.#link = new StoreLink(store, lane.key, holder, clock, this);
    this.#now = clock.now();
  }

  /** After how long a call may have better luck, where those that find no token are refused; else undefined. */
  get refusedForMs(): number | undefined {
    return this.#supply.state === 'refusing' ? PROBE_MS : undefined;
  }

  waitMs(cost: number, now: number): number {
    this.#now = now;
    if (this.#rates.length === 0) return 0;
    this.#endLease(now);
    const waitMs = this.#lease.waitMs(cost, now);
    if (waitMs === 0) return 0;
    switch (this.#supply.state) {
      case 'shared':
        return waitMs < Infinity ? waitMs : this.#lack(cost, now);
      case 'local':
        this.#probe(now);
        this.#makeRoom(cost, now);
        return Math.min(waitMs, this.#supply.buckets.waitMs(cost, now));
      case 'refusing':
        this.#probe(now);
        return waitMs;
      case 'open':
        this.#probe(now);
        return 0;
    }
  }

  waitForAllMs(cost: number, heldMs: number, now: number): number {
    if (this.#supply.state === 'local') return this.#supply.buckets.waitForAllMs(cost, heldMs, now);
    if (this.#supply.state === 'open') return heldMs;
    return this.#view.waitForAllMs(Math.max(0, cost - this.#lease.held), heldMs, this.#rates, now);
  }

  take(cost: number): void {
    const now = this.#now;
    this.#demand.add(cost, now);
    if (this.#lease.waitMs(cost, now) === 0) this.#lease.take(cost);
    else if (this.#supply.state === 'local') this.#supply.buckets.take(cost);
    if (this.#supply.state === 'shared' && this.#isLow(now)) this.#link.ask(now);
  }

  giveBack(cost: number, now: number): void {
    if (this.#supply.state === 'local') this.#supply.buckets.giveBack(cost, now);
    else this.#lease.giveBack(cost);
  }

  follow(rates: readonly RateRule[], now: number): void {
    this.#giveUpLease();
    this.#rates = rates;
    this.#view.follow(rates, now);
    this.#followShare(now);
  }

  isFull(now: number): boolean {
    if (this.#link.isAsking || this.#timer !== undefined || this.#lease.held > 0) return false;
    return this.#supply.state !== 'local' || this.#supply.buckets.isFull(now);
  }

  snapshot(now: number): readonly BucketSnapshot[] {
    switch (this.#supply.state) {
      case 'local':
        return this.#supply.buckets.snapshot(now).map((bucket) => ({ ...bucket, tokens: Math.max(0, bucket.tokens) }));
      case 'open':
        // Where nothing is counted, nothing can be relied on to be left.
        return this.#view.snapshot(this.#rates, now).map((bucket) => ({ ...bucket, tokens: 0 }));
      default:
        return this.#view.snapshot(this.#rates, now);
    }
  }

  get storeSnapshot(): StoreSnapshot {
    return { state: this.#supply.state, leased: this.#lease.held, processes: this.#view.processes };
  }

  /** This process holds the host: nobody is to spend what was leased before. */
  held(ms: number): void {
    this.#link.hold(ms);
    this.#obeyHold(ms);
  }

  /** This process ended a hold, whoever set it. */
  unheld(): void {
    this.#link.release();
  }

  /** A waiting call is gone; what was promised for it is others'. */
  left(now: number): void {
    const idle = this.#lease.held - this.#lane.waitingCost() - this.#kept;
    if (idle >= 1 && this.#supply.state === 'shared') this.#link.ask(now);
  }

  /** Gives the lease back; resolves when that is done, or has taken too long. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#returned += this.#lease.giveUp(Infinity);
    return this.#link.leave(() => this.#returned);
  }

  compose(now: number): StoreAsk {
    const isServed = this.#supply.state === 'shared' && this.#lane.holdMs(now) === 0;
    const waiting = isServed ? Math.max(this.#lane.waitingCost(), this.#lacking) : 0;
    const target = isServed ? this.#target(now) : 0;
    this.#endLease(now);
    this.#returned += this.#lease.giveUp(Math.max(0, this.#lease.held - waiting - target));
    const { held } = this.#lease;
    this.#kept = Math.max(0, held - waiting);
    const ask: StoreAsk = {
      holder: this.#holder,
      rates: this.#rates,
      least: waiting > held ? Math.max(0, this.#lacking - held) : 0,
      waiting: Math.max(0, waiting - held),
      spare: Math.max(0, target - this.#kept),
      kept: this.#kept,
      returned: this.#returned,
      levels: this.#view.levels(this.#rates, now),
      isOverdrawn: this.#isOverdrawn && this.#supply.state === 'shared',
      holdMs: this.#lane.holdMs(now),
      released: this.#released,
      leaseMs: LEASE_MS,
      horizonMs: HORIZON_MS,
    };
    this.#lacking = 0;
    this.#returned = 0;
    return ask;
  }

  answered(grant: StoreGrant, ask: StoreAsk, sentAt: number, now: number): void {
    if (this.#isClosed) {
      this.#returned += grant.tokens;
      return;
    }
    this.#answeredAt = now;
    if (ask.isOverdrawn) this.#isOverdrawn = false;
    if (ask.rates === this.#rates) this.#view.see(grant, now);
    if (this.#supply.state !== 'shared' && now - sentAt < this.#store.timeoutMs) this.#recover(now);
    const isOfUse = ask.rates === this.#rates && this.#supply.state === 'shared' && now - sentAt < LEASE_MS;
    if (isOfUse) this.#keep(grant, ask, sentAt, now);
    else if (grant.tokens > 0) this.#link.giveBack(grant.tokens, this.#kept);
    this.#readHold(grant, now - sentAt, now);
    this.#wakeIn(this.#supply.state === 'shared' ? RENEW_MS + this.#promisedMs(now) : PROBE_MS);
    this.#lane.supplied(now);
  }

  failed(ask: StoreAsk, now: number): void {
    this.#returned += ask.returned;
    this.#lose('failed', now);
    this.#lane.supplied(now);
  }

  /** Tokens that the lane would like to have at hand. */
  #target(now: number): number {
    if (this.#demand.expected(LEASE_MS, now) < BUSY) return 0;
    return Math.ceil(this.#demand.expected(HORIZON_MS, now));
  }

  /** Whether it is time to renew the lease: half of it is spent. */
  #isLow(now: number): boolean {
    if (this.#rates.length === 0) return now - this.#answeredAt >= LEASE_MS;
    const wanted = Math.max(this.#target(now), this.#lane.waitingCost() > 0 ? this.#latestGrant : 0);
    return this.#lease.held < wanted / 2;
  }

  /** A call waits for the store, as long as it is bound to answer. */
  #lack(cost: number, now: number): number {
    const heldMs = this.#lane.holdMs(now);
    if (heldMs > 0) {
      // Another process may end the hold.
      this.#probe(now);
      return heldMs;
    }
    this.#lacking = cost;
    this.#link.ask(now);
    const { askedAt } = this.#link;
    const leftMs = askedAt + this.#store.timeoutMs - LAST_LOOK_MS - now;
    if (leftMs > 0) return leftMs;
    if (this.#lookedAgain !== askedAt) {
      this.#lookedAgain = askedAt;
      return LAST_LOOK_MS;
    }
    this.#lose('timeout', now);
    // It may be in the middle of handing out.
    if (this.#supply.state === 'refusing') queueMicrotask(() => this.#lane.supplied(now));
    return this.waitMs(cost, now);
  }

  #keep(grant: StoreGrant, ask: StoreAsk, sentAt: number, now: number): void {
    this.#lease.add(grant.tokens, grant.levels, this.#rates, now);
    this.#latestGrant = grant.tokens;
    this.#kept = ask.kept + Math.max(0, grant.tokens - ask.waiting);
    this.#leaseEndsAt = sentAt + LEASE_MS + this.#promisedMs(now);
  }

  /** Milliseconds until all that was promised is there. */
  #promisedMs(now: number): number {
    return this.#lease.waitMs(this.#lease.held, now);
  }

  #endLease(now: number): void {
    if (now >= this.#leaseEndsAt) this.#returned += this.#lease.giveUp(Infinity);
  }

  #giveUpLease(): void {
    const tokens = this.#returned + this.#lease.giveUp(Infinity);
    if (tokens > 0 || this.#kept > 0) this.#link.giveBack(tokens, 0);
    this.#returned = 0;
    this.#kept = 0;
  }

  #readHold({ holdMs, released }: StoreGrant, tookMs: number, now: number): void {
    if (released > (this.#released ?? released)) this.#lane.releasedElsewhere(now);
    this.#released = released;
    // A hold that is known already seems longer by what the answer took.
    if (holdMs - this.#lane.holdMs(now) <= tookMs) return;
    this.#obeyHold(holdMs);
    this.#lane.heldElsewhere(holdMs, now);
  }

  /** What was promised for a time within the hold would leave all at once after it. */
  #obeyHold(ms: number): void {
    if (ms > HORIZON_MS) this.#giveUpLease();
  }

  #lose(reason: OutageReason, now: number): void {
    if (this.#isClosed) return;
    this.#wakeIn(PROBE_MS);
    if (this.#supply.state !== 'shared') return;
    this.#supply = this.#substitute(now);
    this.#lane.storeChanged(this.#supply.state, reason, now);
  }

  #substitute(now: number): Supply {
    const { held } = this.#lease;
    return substitute(this.#store.onOutage, () => this.#view.share(this.#rates, this.#mostCost, held, now));
  }

  /** A share of the burst may be less than one call costs. */
  #makeRoom(cost: number, now: number): void {
    if (cost <= this.#mostCost) return;
    this.#mostCost = cost;
    this.#followShare(now);
  }

  #followShare(now: number): void {
    if (this.#supply.state !== 'local') return;
    this.#supply.buckets.follow(this.#view.shares(this.#rates, this.#mostCost), now);
  }

  /** The store answers again. What was spent meanwhile is told with the next ask. */
  #recover(now: number): void {
    if (this.#supply.state === 'local' || this.#supply.state === 'open') {
      this.#view.reckon(this.snapshot(now), now);
      this.#isOverdrawn = true;
    }
    this.#supply = SHARED;
    this.#link.ask(now);
    this.#lane.storeChanged('shared', undefined, now);
  }

  /** Sees to it that the store is asked from time to time. */
  #probe(now: number): void {
    if (this.#timer === undefined && !this.#link.isAsking) this.#link.ask(now);
  }

  /** Housekeeping, which keeps no process alive. */
  #wakeIn(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(this.#keepHouse, delayMs);
    this.#timer.keepAlive(false);
  }

  readonly #keepHouse = (): void => {
    const now = this.#clock.now();
    this.#timer = undefined;
    if (this.#link.isAsking) {
      if (now - this.#link.askedAt >= LOST_MS) this.#link.abandon();
      this.#wakeIn(PROBE_MS);
    } else if (this.#isNeeded(now)) this.#link.ask(now);
    else this.#giveUpLease();
  };

  #isNeeded(now: number): boolean {
    if (this.#lane.waitingCost() > 0) return true;
    return this.#supply.state === 'shared' ? this.#target(now) > 0 : now - this.#now < LOST_MS;
  }
}
