import type { TokenSource } from '../lane/token-source.ts';
import type { BucketSnapshot, StoreSnapshot } from '../monitor/snapshot.ts';
import type { RateRule } from '../policy/rules.ts';
import type { Clock, Timer } from '../time/clock.ts';
import type { Fleet, LeasedLane } from './fleet.ts';
import { Holding } from './holding.ts';
import type { OutageReason, PaceStore, StoreAsk, StoreGrant } from './pace-store.ts';
import { SharedView } from './shared-view.ts';
import { type Asker, StoreLink } from './store-link.ts';
import { Supply } from './supply.ts';
import { HORIZON_MS, LEASE_MS, LOST_MS, PROBE_MS, RENEW_MS } from './timing.ts';

/** After a stall of the process its timers run first, and the answer that came meanwhile is read only then. */
const LAST_LOOK_MS = 1;

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
  readonly #holding = new Holding();
  readonly #view = new SharedView();
  readonly #supply: Supply;
  #rates: readonly RateRule[];
  /** What the latest call that found no token would take; 0 once it is asked for. */
  #lacking = 0;
  /** Whether the store is still to be told that tokens were spent without it. */
  #isOverdrawn = false;
  #answeredAt = -Infinity;
  /** The ask, by its time, whose answer was looked for once more. */
  #lookedAgain = -Infinity;
  /** The latest release that is known; undefined before the store told. */
  #released: number | undefined;
  /** Time of the latest use. */
  #usedAt = -Infinity;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor({ store, holder }: Fleet, rates: readonly RateRule[], clock: Clock, lane: LeasedLane) {
    this.#store = store;
    this.#holder = holder;
    this.#rates = rates;
    this.#clock = clock;
    this.#lane = lane;
    this.#link = new StoreLink(store, lane.key, holder, clock, this);
    this.#supply = new Supply(store.onOutage, this.#view);
  }

  /** After how long a call may have better luck, where those that find no token are refused; else undefined. */
  get refusedForMs(): number | undefined {
    return this.#supply.state === 'refusing' && this.#rates.length > 0 ? PROBE_MS : undefined;
  }

  get storeSnapshot(): StoreSnapshot {
    return { state: this.#supply.state, leased: this.#holding.held, processes: this.#view.processes };
  }

  waitMs(cost: number, now: number): number {
    this.#usedAt = now;
    if (this.#rates.length === 0) return 0;
    const waitMs = this.#holding.waitMs(cost, now);
    if (waitMs === 0) return 0;
    if (this.#supply.state === 'shared') return waitMs < Infinity ? waitMs : this.#lack(cost, now);
    this.#poll(now);
    if (this.#supply.state === 'open') return 0;
    this.#supply.makeRoom(cost, this.#rates, now);
    return Math.min(waitMs, this.#supply.local?.waitMs(cost, now) ?? Infinity);
  }

  waitForAllMs(cost: number, heldMs: number, now: number): number {
    if (this.#supply.state === 'open') return heldMs;
    const { local } = this.#supply;
    if (local !== undefined) return local.waitForAllMs(cost, heldMs, now);
    return this.#view.waitForAllMs(Math.max(0, cost - this.#holding.held), heldMs, this.#rates, now);
  }

  take(cost: number): void {
    const now = this.#usedAt;
    if (!this.#holding.take(cost, now)) this.#supply.local?.take(cost);
    if (this.#supply.state === 'shared' && this.#isToRenew(now)) this.#link.ask(now);
  }

  giveBack(cost: number, now: number): void {
    if (this.#supply.local !== undefined) this.#supply.local.giveBack(cost, now);
    else if (this.#rates.length > 0 && this.#supply.state === 'shared') {
      this.#holding.giveBack(cost);
      if (this.#timer === undefined) this.#wakeIn(RENEW_MS);
    }
  }

  follow(rates: readonly RateRule[], now: number): void {
    this.#giveUpLease();
    this.#rates = rates;
    this.#view.follow(rates, now);
    this.#supply.follow(rates, now);
  }

  isFull(now: number): boolean {
    if (this.#link.isAsking || this.#timer !== undefined || this.#holding.held > 0) return false;
    return this.#supply.local?.isFull(now) ?? true;
  }

  snapshot(now: number): readonly BucketSnapshot[] {
    return this.#supply.snapshot(this.#rates, now);
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
    if (this.#supply.state === 'shared' && this.#holding.isIdle(this.#lane.waitingCost())) this.#link.ask(now);
  }

  /** Gives the lease back; resolves when that is done, or has taken too long. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    return this.#link.leave(() => this.#holding.giveUp() ?? 0);
  }

  compose(now: number): StoreAsk {
    const isShared = this.#supply.state === 'shared';
    const isServed = isShared && this.#lane.holdMs(now) === 0;
    const waiting = isServed ? Math.max(this.#lane.waitingCost(), this.#lacking) : 0;
    const wish = this.#holding.settle(waiting, this.#lacking, isServed ? this.#holding.target(now) : 0, now);
    this.#lacking = 0;
    return {
      holder: this.#holder,
      rates: this.#rates,
      ...wish,
      levels: this.#view.levels(this.#rates, now),
      isOverdrawn: this.#isOverdrawn && isShared,
      leaseMs: LEASE_MS,
      horizonMs: HORIZON_MS,
    };
  }

  answered(grant: StoreGrant, ask: StoreAsk, sentAt: number, now: number): void {
    if (this.#isClosed) {
      this.#holding.owe(grant.tokens);
      return;
    }
    const tookMs = now - sentAt;
    const isCurrent = ask.rates === this.#rates;
    this.#answeredAt = now;
    if (ask.isOverdrawn) this.#isOverdrawn = false;
    if (isCurrent) this.#view.see(grant, now);
    if (this.#supply.state !== 'shared' && tookMs < this.#store.timeoutMs) this.#recover(now);
    if (isCurrent && this.#supply.state === 'shared' && tookMs < LEASE_MS) {
      this.#holding.keep(grant, ask, this.#rates, sentAt, now);
    } else this.unwanted(grant);
    this.#readHold(grant, tookMs, now);
    this.#wakeIn(this.#supply.state === 'shared' ? RENEW_MS + this.#holding.promisedMs(now) : PROBE_MS);
    this.#lane.supplied(now);
  }

  unwanted({ tokens }: StoreGrant): void {
    if (tokens > 0) this.#link.giveBack(tokens, this.#holding.kept);
  }

  failed(ask: StoreAsk, now: number): void {
    this.#holding.owe(ask.returned);
    if (this.#isClosed) return;
    this.#lose('failed', now);
    this.#lane.supplied(now);
  }

  #isToRenew(now: number): boolean {
    // Only the hold is of interest where there is no rate.
    if (this.#rates.length === 0) return now - this.#answeredAt >= LEASE_MS;
    return this.#holding.isLow(this.#lane.waitingCost(), now);
  }

  /** A call waits for the store, as long as that is bound to answer. */
  #lack(cost: number, now: number): number {
    const heldMs = this.#lane.holdMs(now);
    if (heldMs > 0) {
      // Another process may end the hold.
      this.#poll(now);
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
    // The lane may be in the middle of handing out.
    if (this.refusedForMs !== undefined) queueMicrotask(() => this.#lane.supplied(now));
    return this.waitMs(cost, now);
  }

  #giveUpLease(): void {
    const tokens = this.#holding.giveUp();
    if (tokens !== undefined) this.#link.giveBack(tokens, 0);
  }

  #readHold({ holdMs, released }: StoreGrant, tookMs: number, now: number): void {
    const knownMs = this.#lane.holdMs(now);
    const isReleased = this.#released !== undefined && released > this.#released;
    this.#released = released;
    if (isReleased) this.#lane.releasedElsewhere(now);
    // The store has lost it, or was not told while it was out.
    else if (holdMs === 0 && knownMs > tookMs) this.#link.hold(knownMs);
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
    this.#wakeIn(PROBE_MS);
    if (this.#supply.state !== 'shared') return;
    this.#supply.lose(this.#rates, this.#holding.held, now);
    this.#lane.storeChanged(this.#supply.state, reason, now);
  }

  /** The store answers again; it is told at once what was spent meanwhile. */
  #recover(now: number): void {
    this.#isOverdrawn = this.#supply.recover(this.#rates, now);
    this.#link.ask(now);
    this.#lane.storeChanged('shared', undefined, now);
  }

  /** Sees to it that the store is asked from time to time. */
  #poll(now: number): void {
    if (this.#timer === undefined) this.#link.ask(now);
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
    return this.#supply.state === 'shared' ? this.#holding.target(now) > 0 : now - this.#usedAt < LOST_MS;
  }
}
