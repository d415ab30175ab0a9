import { Breaker, circuitOpen, type Era } from '../breaker/breaker.ts';
import { Hedging } from '../hedge/hedging.ts';
import type { Emitter } from '../monitor/emitter.ts';
import { Figures } from '../monitor/figures.ts';
import type { LaneSnapshot } from '../monitor/snapshot.ts';
import type { Finding } from '../pace/pacing.ts';
import type { BreakerRules, LaneRules } from '../policy/rules.ts';
import { RetryBudget } from '../retry/budget.ts';
import type { Fleet, LeasedLane } from '../store/fleet.ts';
import { SharedTokens } from '../store/shared-tokens.ts';
import { Alarm } from '../time/alarm.ts';
import type { Clock } from '../time/clock.ts';
import { Gate } from './gate.ts';
import type { HoldSource } from './hold.ts';
import { type Applicant, Line, type Refusal } from './line.ts';
import { Pacer } from './pacer.ts';

/** What every lane shares with its engine. */
export interface LanePorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: Emitter;
  /** Where lanes share tokens and holds with other processes; undefined where they do not. */
  readonly fleet?: Fleet | undefined;
}

/**
 * What the process keeps of one host: gate, queue, pace, retry budget and figures. It decides who may send an attempt and
 * when. A freed slot or a new token goes to the first waiter in the same synchronous step, and nobody barges in.
 */
export class Lane {
  readonly key: string;
  readonly figures: Figures = new Figures();
  rules: LaneRules;
  /** Undefined where the policy has none. */
  budget: RetryBudget | undefined;
  /** Undefined where the policy has none. */
  hedging: Hedging | undefined;
  /** Calls between two attempts. */
  backingOff = 0;

  readonly #ports: LanePorts;
  readonly #shared: SharedTokens | undefined;
  readonly #gate: Gate;
  readonly #line: Line;
  readonly #pacer: Pacer;
  #alarm: Alarm | undefined;

  constructor(key: string, rules: LaneRules, ports: LanePorts) {
    const now = ports.clock.now();
    this.key = key;
    this.rules = rules;
    this.#ports = ports;
    this.#shared = ports.fleet && new SharedTokens(ports.fleet, rules.rates, ports.clock, this.#leased());
    this.#gate = new Gate(rules, now, this.#shared);
    this.#line = new Line(rules.queue, this.#gate);
    this.budget = rules.budget === undefined ? undefined : new RetryBudget(rules.budget, now);
    this.hedging = rules.hedge === undefined ? undefined : new Hedging(rules.hedge, now);
    this.#pacer = new Pacer({ key, gate: this.#gate, figures: this.figures, events: ports.events }, rules.pace, now);
    this.#followBreaker(rules, now);
  }

  /** Undefined where the policy has none. */
  get breaker(): Breaker | undefined {
    return this.#gate.breaker;
  }

  get depth(): number {
    return this.#line.length;
  }

  get inFlight(): number {
    return this.#gate.inFlight;
  }

  /** Counts a call that arrives. */
  arrive(now: number): void {
    this.#pacer.arrive(now);
    if (this.#line.length === 0) this.#pacer.lapse(now);
  }

  /** Takes token and slot if nobody waits and both are there. */
  tryAdmit(cost: number, now: number): boolean {
    if (this.#line.length > 0 || this.#gate.waitMs(cost, now) > 0) return false;
    this.#gate.take(cost, now);
    return true;
  }

  /** Takes token and slot for a second attempt of a call that has one under way, if they are to spare and it is paid for. */
  tryHedge(cost: number, now: number): boolean {
    const { hedging } = this;
    if (hedging === undefined || !hedging.canPay(now) || !this.#gate.isCalm || !this.tryAdmit(cost, now)) return false;
    hedging.pay(now);
    return true;
  }

  /**
   * Lets the applicant wait for its turn, unless the breaker refuses it, the queue is full or the wait could not end within
   * `mostMs`. One who comes back for a retry always finds room: it had its place already.
   */
  enqueue(applicant: Applicant, mostMs: number, now: number): Refusal | undefined {
    const refusal = this.breaker?.refusal(0, now);
    if (refusal !== undefined) return refusal;
    const refusedForMs = this.#shared?.refusedForMs;
    if (refusedForMs !== undefined) return { code: 'STORE_UNAVAILABLE', retryAfterMs: refusedForMs };
    const waitMs = this.#leastWaitMs(applicant, now);
    if (waitMs > mostMs) return this.#lateRefusal(waitMs, mostMs, now);
    if (!(applicant.isReturning || this.#line.makeRoom(applicant.priority, now)))
      return { code: 'QUEUE_FULL', retryAfterMs: waitMs };
    this.#line.push(applicant);
    applicant.queued(now);
    this.#handOut(now);
    return undefined;
  }

  /** The applicant no longer waits. */
  leave(applicant: Applicant, now: number): void {
    this.#line.remove(applicant);
    this.#handOut(now);
    this.#shared?.left(now);
  }

  /** An attempt is over, or was never sent: its slot goes to the next. */
  release(now: number): void {
    this.#gate.release();
    this.#handOut(now);
  }

  /** An attempt that was admitted in `era` came to nothing that would tell of the host; its slot goes to the next. */
  abandon(era: Era | undefined, now: number): void {
    this.#gate.abandon(era, now);
    this.#handOut(now);
  }

  /** Token and slot were granted and not used. */
  giveBack(cost: number, era: Era | undefined, now: number): void {
    this.#gate.giveBack(cost, era, now);
    this.#handOut(now);
  }

  /** Closes the breaker by hand. */
  closeBreaker(now: number): void {
    this.breaker?.close(now);
    this.#handOut(now);
  }

  /** Opens the breaker by hand; says whether there is one. */
  openBreaker(ms: number, now: number): boolean {
    this.breaker?.open(ms, now);
    this.#handOut(now);
    return this.breaker !== undefined;
  }

  /** Learns from an attempt that ends how much the host can bear. */
  learn(finding: Finding, now: number): void {
    this.#pacer.learn(finding, this.#line.length, now);
  }

  /** How bad the host's outcomes have been lately, from 0 to 1. */
  get badness(): number {
    return this.#pacer.badness;
  }

  /** Nothing leaves for `ms` milliseconds. Never shortens a hold. */
  hold(ms: number, source: HoldSource, now: number): void {
    if (!this.#gate.hold(ms, now)) return;
    if (source !== 'store') this.#shared?.held(ms);
    const { events } = this.#ports;
    if (events.listening.held) events.emit({ type: 'held', at: now, host: this.key, forMs: ms, source });
  }

  /** Ends a hold before its time, for all processes that share it. */
  unhold(now: number): void {
    this.#shared?.unheld();
    this.#goOn(now);
  }

  #goOn(now: number): void {
    if (!this.#gate.unhold(now)) return;
    const { events } = this.#ports;
    if (events.listening.released) events.emit({ type: 'released', at: now, host: this.key });
    this.#handOut(now);
  }

  /** The wait that the host's state imposes on whoever is first in line: a hold, the breaker, the pace. */
  hostWaitMs(now: number): number {
    return this.#gate.hostWaitMs(1, now);
  }

  /** What is left of a hold. */
  holdMs(now: number): number {
    return this.#gate.holdMs(now);
  }

  /** The time for which hold and breaker let nobody through, as far as it is known. */
  shutMs(now: number): number {
    return this.#gate.shutMs(now);
  }

  /** Follows new rules, at once for those who wait. */
  follow(rules: LaneRules, now: number): void {
    if (rules === this.rules) return;
    this.#gate.follow(rules, now);
    this.#followBudget(rules, now);
    this.#followHedging(rules, now);
    this.#followBreaker(rules, now);
    this.#pacer.follow(rules.pace, now);
    this.rules = rules;
    this.#line.follow(rules.queue, now);
    this.#handOut(now);
  }

  /** Ends every wait. */
  close(now: number): void {
    this.#line.refuseAll({ code: 'CLOSED' }, now);
  }

  /** Gives back what it has from a store; resolves when that is done, or has taken too long. */
  async leaveFleet(): Promise<void> {
    await this.#shared?.close();
  }

  /** Whether a new lane in its place would behave the same. */
  isAtRest(now: number): boolean {
    if (this.#line.length + this.backingOff > 0) return false;
    this.#pacer.lapse(now);
    const isUnspent = (this.budget?.isUnspent(now) ?? true) && (this.hedging?.isUnspent(now) ?? true);
    return isUnspent && this.#gate.isAtRest(now);
  }

  snapshot(now: number): LaneSnapshot {
    const { concurrency } = this.rules;
    return {
      host: this.key,
      queued: this.#line.length,
      backingOff: this.backingOff,
      inFlight: this.inFlight,
      concurrency: concurrency === Infinity ? null : concurrency,
      buckets: this.#gate.buckets(now),
      budget: this.budget?.balance(now) ?? null,
      holdMs: this.holdMs(now),
      pace: this.#pacer.snapshot(now),
      store: this.#shared?.storeSnapshot ?? null,
      breaker: this.breaker?.snapshot(now) ?? null,
      counters: this.figures.snapshot(),
      wait: this.figures.wait.snapshot(),
      latency: this.figures.latency.snapshot(),
    };
  }

  /** Grants to the first in line as long as there is something to grant, then sets the alarm for the next. */
  #handOut(now: number): void {
    for (let first = this.#line.next(now); first !== undefined; first = this.#line.next(now)) {
      const waitMs = this.#gate.waitMs(first.cost, now);
      if (waitMs > 0) {
        const refusal = this.breaker?.refusal(0, now);
        if (refusal === undefined) this.#wakeIn(waitMs, now);
        else this.#refuseAll(refusal, now);
        return;
      }
      this.#line.remove(first);
      this.#gate.take(first.cost, now);
      first.granted(now);
    }
    this.#alarm?.clear();
  }

  #refuseAll(refusal: Refusal, now: number): void {
    this.#line.refuseAll(refusal, now);
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

  /** The wait that hold, rates and pace alone impose on an applicant behind those ahead of it. */
  #leastWaitMs(applicant: Applicant, now: number): number {
    const { cost, attempts } = this.#line.aheadOf(applicant, now);
    return this.#gate.leastWaitMs(applicant.cost + cost, attempts + 1, now);
  }

  #lateRefusal(waitMs: number, mostMs: number, now: number): Refusal {
    const isOpen = this.breaker !== undefined && this.breaker.openMs(now) > mostMs;
    return isOpen ? circuitOpen(waitMs) : { code: 'QUEUE_TIMEOUT', retryAfterMs: waitMs };
  }

  /** What tokens from a store have to do with the rest of the lane. */
  #leased(): LeasedLane {
    return {
      key: this.key,
      waitingCost: () => this.#line.cost,
      holdMs: (now) => this.holdMs(now),
      supplied: (now) => this.#supplied(now),
      heldElsewhere: (ms, now) => this.hold(ms, 'store', now),
      releasedElsewhere: (now) => this.#goOn(now),
      storeChanged: (state, reason, now) => {
        const { events } = this.#ports;
        if (events.listening.store) events.emit({ type: 'store', at: now, host: this.key, state, reason });
      },
    };
  }

  #supplied(now: number): void {
    const retryAfterMs = this.#shared?.refusedForMs;
    if (retryAfterMs === undefined) this.#handOut(now);
    else this.#refuseAll({ code: 'STORE_UNAVAILABLE', retryAfterMs }, now);
  }

  #followBreaker({ breaker: rules }: LaneRules, now: number): void {
    if (rules !== undefined && this.breaker !== undefined) {
      this.breaker.follow(rules, now);
      return;
    }
    this.breaker?.retire(now);
    this.#gate.breaker = rules === undefined ? undefined : this.#newBreaker(rules, now);
  }

  #newBreaker(rules: BreakerRules, now: number): Breaker {
    const { clock, random, events } = this.#ports;
    const ports = { host: this.key, clock, random, events, changed: (at: number): void => this.#handOut(at) };
    return new Breaker(rules, ports, now);
  }

  #followBudget(rules: LaneRules, now: number): void {
    if (rules.budget === undefined) this.budget = undefined;
    else if (this.budget === undefined) this.budget = new RetryBudget(rules.budget, now);
    else this.budget.follow(rules.budget, now);
  }

  #followHedging(rules: LaneRules, now: number): void {
    if (rules.hedge === undefined) this.hedging = undefined;
    else if (this.hedging === undefined) this.hedging = new Hedging(rules.hedge, now);
    else this.hedging.follow(rules.hedge, now);
  }
}
