import type { PacelineErrorCode } from '../errors.ts';
import type { Emitter } from '../monitor/emitter.ts';
import { Figures } from '../monitor/figures.ts';
import type { LaneSnapshot } from '../monitor/snapshot.ts';
import type { LaneRules } from '../policy/rules.ts';
import { RetryBudget } from '../retry/budget.ts';
import { Alarm } from '../time/alarm.ts';
import type { Clock } from '../time/clock.ts';
import { type Bucket, carryOver, fullBucket, giveBack, refill, spend, waitFor, waitForAll } from './bucket.ts';
import type { HoldSource } from './hold.ts';
import { type Waiter, WaitQueue } from './wait-queue.ts';

/** One who asks a lane for a token and a slot. */
export interface Applicant extends Waiter {
  /** The applicant stands in line. */
  queued(now: number): void;
  /** Token and slot are the applicant's; called in the very step in which they became free. */
  granted(now: number): void;
  /** The lane ends the wait. */
  refused(refusal: Refusal, now: number): void;
  /** The lane's policy changed while the applicant waits. */
  policyChanged(now: number): void;
}

/** Why a lane does not let somebody wait. */
export interface Refusal {
  readonly code: PacelineErrorCode;
  readonly retryAfterMs?: number;
}

/** What every lane shares with its engine. */
export interface LanePorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: Emitter;
}

/**
 * What the process keeps of one host: bucket, queue, slots, hold, retry budget and figures. It decides who may send an
 * attempt and when. A freed slot or a new token goes to the first waiter in the same synchronous step, and nobody goes
 * ahead of one who waits.
 */
export class Lane {
  readonly key: string;
  readonly figures: Figures = new Figures();
  rules: LaneRules;
  /** Undefined where the policy has none. */
  budget: RetryBudget | undefined;
  /** Calls between two attempts. */
  backingOff = 0;

  readonly #ports: LanePorts;
  /** One for each rate of the rules, in their order. */
  #buckets: readonly Bucket[];
  readonly #queue = new WaitQueue<Applicant>();
  #inFlight = 0;
  #heldUntil = -Infinity;
  #alarm: Alarm | undefined;

  constructor(key: string, rules: LaneRules, ports: LanePorts) {
    const now = ports.clock.now();
    this.key = key;
    this.rules = rules;
    this.#ports = ports;
    this.#buckets = rules.rates.map((rate) => fullBucket(rate, now));
    this.budget = rules.budget === undefined ? undefined : new RetryBudget(rules.budget, now);
  }

  get depth(): number {
    return this.#queue.length;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes token and slot if nobody waits and both are there. */
  tryAdmit(cost: number, now: number): boolean {
    if (this.#queue.length > 0 || this.#waitMs(cost, now) > 0) return false;
    this.#take(cost);
    return true;
  }

  /**
   * Lets the applicant wait for its turn, unless the queue is full or the wait could not end within `mostMs`. One who
   * comes back for a retry always finds room: it had its place already.
   */
  enqueue(applicant: Applicant, mostMs: number, now: number): Refusal | undefined {
    const waitMs = this.#leastWaitMs(applicant, now);
    if (waitMs > mostMs) return { code: 'QUEUE_TIMEOUT', retryAfterMs: waitMs };
    if (!(applicant.isReturning || this.#makeRoom(applicant.priority, now)))
      return { code: 'QUEUE_FULL', retryAfterMs: waitMs };
    this.#queue.push(applicant);
    applicant.queued(now);
    this.#handOut(now);
    return undefined;
  }

  /** The applicant no longer waits. */
  leave(applicant: Applicant, now: number): void {
    this.#queue.remove(applicant);
    this.#handOut(now);
  }

  /** An attempt is over, or was never sent: its slot goes to the next. */
  release(now: number): void {
    this.#inFlight -= 1;
    this.#handOut(now);
  }

  /** Token and slot were granted and not used. */
  giveBack(cost: number, now: number): void {
    for (const [index, rate] of this.rules.rates.entries()) {
      const bucket = this.#buckets[index];
      if (bucket !== undefined) giveBack(bucket, rate, cost);
    }
    this.release(now);
  }

  /** Nothing leaves for `ms` milliseconds. Never shortens a hold. */
  hold(ms: number, source: HoldSource, now: number): void {
    if (now + ms <= this.#heldUntil || ms <= 0) return;
    this.#heldUntil = now + ms;
    const { events } = this.#ports;
    if (events.listening) events.emit({ type: 'held', at: now, host: this.key, forMs: ms, source });
  }

  /** Ends a hold before its time. */
  unhold(now: number): void {
    if (this.holdMs(now) === 0) return;
    this.#heldUntil = -Infinity;
    const { events } = this.#ports;
    if (events.listening) events.emit({ type: 'released', at: now, host: this.key });
    this.#handOut(now);
  }

  /** What is left of a hold. */
  holdMs(now: number): number {
    return Math.max(0, this.#heldUntil - now);
  }

  /** Follows new rules, at once for those who wait. */
  follow(rules: LaneRules, now: number): void {
    if (rules === this.rules) return;
    this.#refill(now);
    this.#buckets = rules.rates.map((rate, index) => carryOver(this.#buckets[index], rate, now));
    this.#followBudget(rules, now);
    this.rules = rules;
    for (const applicant of this.#queue.all()) applicant.policyChanged(now);
    while (this.#queue.newcomers > rules.queue.maxLength) this.#drop(this.#queue.newestNewcomer, 'QUEUE_FULL', now);
    this.#handOut(now);
  }

  /** Ends every wait. */
  close(now: number): void {
    for (const applicant of this.#queue.all()) this.#drop(applicant, 'CLOSED', now);
  }

  /** Whether a new lane in its place would behave the same. */
  isAtRest(now: number): boolean {
    if (this.#inFlight + this.#queue.length + this.backingOff > 0 || this.holdMs(now) > 0) return false;
    this.#refill(now);
    const isFull = this.rules.rates.every((rate, index) => this.#buckets[index]?.tokens === rate.burst);
    return isFull && (this.budget?.isUnspent(now) ?? true);
  }

  snapshot(now: number): LaneSnapshot {
    this.#refill(now);
    const { concurrency, rates } = this.rules;
    return {
      host: this.key,
      queued: this.#queue.length,
      backingOff: this.backingOff,
      inFlight: this.#inFlight,
      concurrency: concurrency === Infinity ? null : concurrency,
      buckets: rates.map((rate, index) => ({
        tokens: this.#buckets[index]?.tokens ?? rate.burst,
        burst: rate.burst,
        perSecond: rate.tokensPerMs * 1000,
      })),
      budget: this.budget?.balance(now) ?? null,
      holdMs: this.holdMs(now),
      counters: this.figures.snapshot(),
      wait: this.figures.wait.snapshot(),
      latency: this.figures.latency.snapshot(),
    };
  }

  /** Grants to the first in line as long as there is something to grant, then sets the alarm for the next. */
  #handOut(now: number): void {
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      const waitMs = this.#waitMs(first.cost, now);
      if (waitMs > 0) {
        this.#wakeIn(waitMs, now);
        return;
      }
      this.#queue.remove(first);
      this.#take(first.cost);
      first.granted(now);
    }
    this.#alarm?.clear();
  }

  /** Infinity is a wait for a slot, which needs no alarm: whoever frees it hands it over. */
  #wakeIn(waitMs: number, now: number): void {
    if (waitMs === Infinity) {
      this.#alarm?.clear();
      return;
    }
    this.#alarm ??= new Alarm(this.#ports.clock, (at) => this.#handOut(at));
    this.#alarm.set(now + waitMs, now);
  }

  /** Milliseconds until the first in line may leave, as far as that is known. */
  #waitMs(cost: number, now: number): number {
    if (this.#inFlight >= this.rules.concurrency) return Infinity;
    let waitMs = this.#heldUntil > now ? this.#heldUntil - now : 0;
    const { rates } = this.rules;
    for (let index = 0; index < rates.length; index += 1) {
      const bucket = this.#buckets[index];
      const rate = rates[index];
      if (bucket === undefined || rate === undefined) break;
      refill(bucket, rate, now);
      waitMs = Math.max(waitMs, waitFor(bucket, rate, cost));
    }
    return waitMs;
  }

  /** The wait that hold and rates alone impose on an applicant behind those ahead of it. Buckets are refilled. */
  #leastWaitMs(applicant: Applicant, now: number): number {
    this.#refill(now);
    const heldMs = this.holdMs(now);
    const cost = applicant.cost + (applicant.isReturning ? 0 : this.#queue.costAhead(applicant.priority));
    return this.rules.rates.reduce((waitMs, rate, index) => {
      const bucket = this.#buckets[index];
      return bucket === undefined ? waitMs : Math.max(waitMs, waitForAll(bucket, rate, cost, heldMs));
    }, heldMs);
  }

  /** Whether a newcomer finds a place; with `drop-oldest` somebody else may have to go for it. */
  #makeRoom(priority: number, now: number): boolean {
    const { maxLength, onFull } = this.rules.queue;
    if (this.#queue.newcomers < maxLength) return true;
    if (onFull === 'reject-new') return false;
    const oldest = this.#queue.oldestNewcomer;
    if (oldest === undefined || oldest.priority > priority) return false;
    this.#drop(oldest, 'DROPPED', now);
    return true;
  }

  #drop(applicant: Applicant | undefined, code: PacelineErrorCode, now: number): void {
    if (applicant === undefined) return;
    this.#queue.remove(applicant);
    applicant.refused({ code }, now);
  }

  #take(cost: number): void {
    for (const bucket of this.#buckets) spend(bucket, cost);
    this.#inFlight += 1;
  }

  #refill(now: number): void {
    for (const [index, rate] of this.rules.rates.entries()) {
      const bucket = this.#buckets[index];
      if (bucket !== undefined) refill(bucket, rate, now);
    }
  }

  #followBudget(rules: LaneRules, now: number): void {
    if (rules.budget === undefined) this.budget = undefined;
    else if (this.budget === undefined) this.budget = new RetryBudget(rules.budget, now);
    else this.budget.follow(rules.budget, now);
  }
}
