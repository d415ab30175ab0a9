import type { Outcome } from '../call/call.ts';
import type { Emitter } from '../monitor/emitter.ts';
import type { BreakerSnapshot } from '../monitor/snapshot.ts';
import type { BreakerRules } from '../policy/rules.ts';
import type { Clock } from '../time/clock.ts';
import { evidenceOf } from './evidence.ts';
import type { BreakerReason, BreakerStateName } from './reasons.ts';
import {
  type BreakerState,
  type Circumstances,
  forgottenAt,
  NEW,
  type ProbeSignal,
  type TurnSignal,
  transition,
  waitMsOf,
} from './state.ts';
import { Tally } from './tally.ts';

/** What a breaker needs of its lane. */
export interface BreakerPorts {
  readonly host: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: Emitter;
  /** A health check has ended: attempts may be free to leave. */
  changed(now: number): void;
}

/**
 * The time between two changes of a breaker's state; known by identity. What an attempt comes to is evidence only in the
 * era in which it was admitted: a failure that was on its way before the breaker opened says nothing of the host now.
 */
export interface Era {
  readonly state: BreakerStateName;
}

/** Why the breaker lets somebody not even wait. */
export interface CircuitOpen {
  readonly code: 'CIRCUIT_OPEN';
  readonly retryAfterMs?: number;
}

const PROBED = { success: 'probe-succeeded', failure: 'probe-failed' } as const;

/**
 * A circuit breaker: keeps attempts from a host that fails, and tries out now and then whether it is back. It has no timer:
 * it looks at the time when it is asked, and a lane where calls wait asks as soon as there is something to learn.
 */
export class Breaker {
  #rules: BreakerRules;
  #state: BreakerState = NEW;
  #era: Era = { state: 'closed' };
  #tally: Tally;
  /** A check that took too long may still be under way; there is never a second one beside it. */
  #isChecking = false;
  readonly #ports: BreakerPorts;

  constructor(rules: BreakerRules, ports: BreakerPorts, now: number) {
    this.#rules = rules;
    this.#ports = ports;
    this.#tally = new Tally(rules, now);
  }

  get era(): Era {
    return this.#era;
  }

  get state(): BreakerStateName {
    return this.#state.name;
  }

  /** Milliseconds until an attempt may leave, or until it is worth asking again; 0 is now. */
  waitMs(now: number): number {
    if (this.#state.name !== 'closed') this.#look(now);
    return waitMsOf(this.#state, this.#rules, now);
  }

  /** What is left of the open time; 0 where it is not open. */
  openMs(now: number): number {
    return this.#state.name === 'open' ? Math.max(0, this.#state.until - now) : 0;
  }

  /** The refusal of one who would leave in `inMs` milliseconds; undefined if the breaker lets him through by then, or wait. */
  refusal(inMs: number, now: number): CircuitOpen | undefined {
    if (this.#rules.whileOpen === 'wait') return undefined;
    const waitMs = this.waitMs(now);
    return waitMs > inMs ? circuitOpen(waitMs) : undefined;
  }

  /** An attempt was admitted. */
  take(now: number): void {
    if (this.#state.name === 'half-open') this.#step({ type: 'probe-sent' }, now);
  }

  /** An attempt that was admitted in `era` came to nothing that would tell of the host. */
  giveBack(era: Era | undefined, now: number): void {
    if (era === this.#era) this.#step({ type: 'probe-returned' }, now);
  }

  /** What an attempt that was admitted in `era` came to. */
  learn(era: Era | undefined, outcome: Outcome<unknown>, now: number): void {
    if (era !== this.#era) return;
    const evidence = evidenceOf(outcome, this.#rules);
    if (evidence === undefined) this.giveBack(era, now);
    else if (this.#state.name === 'half-open') this.#turn({ type: PROBED[evidence] }, now);
    else if (evidence === 'success') this.#tally.succeeded(now);
    else {
      const reason = this.#tally.failed(this.#rules, now);
      if (reason !== undefined) this.#turn({ type: reason }, now);
    }
  }

  /** Opens it by hand, for `ms` milliseconds. */
  open(ms: number, now: number): void {
    this.#turn({ type: 'manual', openForMs: ms }, now);
  }

  /** Closes it by hand, and forgets what it knew of the host. */
  close(now: number): void {
    this.#turn({ type: 'manual', openForMs: undefined }, now);
    this.#tally = new Tally(this.#rules, now);
  }

  /** The policy has no breaker any more. */
  retire(now: number): void {
    this.#turn({ type: 'policy' }, now);
  }

  /** Follows new rules; an open time that has begun stays as long as it is. */
  follow(rules: BreakerRules, now: number): void {
    this.#rules = rules;
    this.#tally.follow(rules, now);
  }

  /** Whether a new breaker in its place would behave the same. */
  isAtRest(now: number): boolean {
    return this.#tally.attempts(now) === 0 && forgottenAt(this.#state, this.#rules) <= now;
  }

  snapshot(now: number): BreakerSnapshot {
    const openMs = this.openMs(now);
    return {
      state: this.#state.name,
      openMs: openMs === Infinity ? null : openMs,
      attempts: this.#tally.attempts(now),
      failures: this.#tally.failures(now),
      consecutiveFailures: this.#tally.inRow(now),
    };
  }

  /** Notices what time alone has brought about. */
  #look(now: number): void {
    const state = this.#state;
    if (state.name === 'closed' || now < state.until) return;
    if (state.name === 'open') this.#tryOut(now);
    else if (state.by === 'check') this.#turn({ type: 'check-failed' }, now);
    else {
      this.#step({ type: 'probe-overdue' }, now);
      this.#era = { state: 'half-open' };
    }
  }

  /** The open time is over: the user's check finds out whether the host is back, or the next attempts do. */
  #tryOut(now: number): void {
    const { healthCheck } = this.#rules;
    if (healthCheck === undefined || this.#isChecking) {
      this.#turn({ type: 'open-time-over', by: 'probes' }, now);
      return;
    }
    this.#turn({ type: 'open-time-over', by: 'check' }, now);
    const era = this.#era;
    this.#isChecking = true;
    // Off this stack: the check may do with the engine what it likes.
    Promise.resolve(this.#ports.host)
      .then(healthCheck)
      .then(
        (isHealthy) => this.#checked(era, isHealthy === true),
        () => this.#checked(era, false),
      );
  }

  #checked(era: Era, isHealthy: boolean): void {
    this.#isChecking = false;
    if (era !== this.#era) return;
    const now = this.#ports.clock.now();
    this.#turn({ type: isHealthy ? 'check-passed' : 'check-failed' }, now);
    this.#ports.changed(now);
  }

  #step(signal: ProbeSignal, now: number): void {
    this.#state = transition(this.#state, signal, this.#around(now));
  }

  #turn(signal: TurnSignal, now: number): void {
    const before = this.#state.name;
    this.#state = transition(this.#state, signal, this.#around(now));
    const { name } = this.#state;
    if (name === before) return;
    this.#era = { state: name };
    if (name === 'closed') this.#tally = new Tally(this.#rules, now);
    this.#tell(signal.type, now);
  }

  #around(now: number): Circumstances {
    return { rules: this.#rules, now, random: this.#ports.random };
  }

  #tell(reason: BreakerReason, now: number): void {
    const { events, host } = this.#ports;
    if (!events.listening.breaker) return;
    const state = this.#state.name;
    const openMs = this.openMs(now);
    const forMs = state === 'open' && openMs < Infinity ? openMs : undefined;
    events.emit({ type: 'breaker', at: now, host, state, reason, forMs });
  }
}

/** Nobody knows when a breaker closes that only a hand closes. */
export function circuitOpen(waitMs: number): CircuitOpen {
  return waitMs < Infinity ? { code: 'CIRCUIT_OPEN', retryAfterMs: waitMs } : { code: 'CIRCUIT_OPEN' };
}
