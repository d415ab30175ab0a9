import type { Era } from '../breaker/breaker.ts';
import type { Lane, LanePorts } from '../lane/lane.ts';
import type { Applicant, Refusal } from '../lane/line.ts';
import type { Waiter } from '../lane/wait-queue.ts';
import type { StopReason } from '../retry/reasons.ts';
import type { Deadlines, Expiring } from '../time/deadlines.ts';
import type { AbortHub, Follower } from './abort-hub.ts';
import type { Activity } from './activity.ts';
import type { Call, Outcome } from './call.ts';
import type { Companion, Flight } from './flight.ts';
import { refusalError } from './refusal-error.ts';
import * as report from './report.ts';

/** What every call shares with its engine. */
export interface CallPorts extends LanePorts {
  readonly deadlines: Deadlines;
  readonly aborts: AbortHub;
  readonly activity: Activity;
  /** Calls between two attempts. */
  readonly backingOff: Set<Ticket>;
  isClosing: boolean;
}

/** Attempts usually take as long as the median; this many times as long is unusual. */
const UNUSUAL = 3;

/** Why a call ends before, or instead of, an outcome of its own. */
export interface Ending {
  readonly reason: Extract<StopReason, 'aborted' | 'refused' | 'error'>;
  readonly error: unknown;
}

/**
 * Where a call is. `idle`: between two steps. `granted`: token and slot are its own, the attempt has not begun. `over`:
 * settled, nothing reaches it any more.
 */
type Phase = 'idle' | 'queued' | 'granted' | 'in-flight' | 'backing-off' | 'over';

/** What a call remembers of the attempt that it is, or was, about to repeat. */
export interface Setback {
  /** Undefined for an answer. */
  readonly error: unknown;
  /** The wait that the answer itself asked for; it does not count against `maxWaitMs`. */
  readonly graceMs: number;
  /** The call's own wait after it. */
  readonly delayMs: number;
  /** Attempts made by then; the budget was paid for the next. */
  readonly attempts: number;
  /** Whether a 429 only put the call back at the head of the line. */
  readonly isRequeued: boolean;
  /** Attempts that were answered with 429 so far, … */
  readonly throttles: number;
  /** … and the time that the call waited after them, in milliseconds. */
  throttledMs: number;
}

/** What a call asks for, as it was when the call came: its options are its caller's, who may use them again. */
interface Terms {
  readonly priority: number;
  /** Tokens that each attempt takes. */
  readonly cost: number;
}

const USUAL: Terms = { priority: 0, cost: 1 };

/**
 * One call's place in the engine: where it is, what it waits for and what can end the wait.
 *
 * At any moment a call waits for one thing at most (its turn, an outcome, the end of a backoff) under one deadline. An
 * abort, a deadline, a refusal of the lane or the engine's closing ends any of these waits in the same synchronous step.
 */
export class Ticket implements Applicant, Expiring, Follower {
  readonly id: number;
  readonly call: Call<unknown>;
  readonly lane: Lane;
  readonly ports: CallPorts;
  readonly arrivedAt: number;
  /** Attempts that were sent, a hedge included. */
  attempts = 0;
  /** Undefined unless the call has, had or may yet have a second attempt beside its first. */
  hedge: Companion | undefined = undefined;
  /** Start of the current phase; also the time of the last step. */
  since: number;
  /** The breaker's, when the attempt was admitted. */
  era: Era | undefined = undefined;
  /** Undefined before the first retry. */
  setback: Setback | undefined = undefined;
  /** Set when the call is to end without a decision. */
  ending: Ending | undefined = undefined;

  previous: Waiter['previous'] = undefined;
  next: Waiter['next'] = undefined;
  sooner: Expiring['sooner'] = undefined;
  later: Expiring['later'] = undefined;

  readonly #terms: Terms;
  #phase: Phase = 'idle';
  #wake: ((ended: Outcome<unknown> | Ticket) => void) | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  constructor(id: number, call: Call<unknown>, lane: Lane, ports: CallPorts, now: number) {
    this.id = id;
    this.call = call;
    this.lane = lane;
    this.ports = ports;
    this.arrivedAt = now;
    this.since = now;
    this.#terms = termsOf(call);
  }

  get priority(): number {
    return this.#terms.priority;
  }

  get cost(): number {
    return this.#terms.cost;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Attempts without the hedge: the first, and retries. */
  get tries(): number {
    return this.hedge?.wasSent ? this.attempts - 1 : this.attempts;
  }

  /** Number of the attempt that the call waits for; beside a hedge it is the first. */
  get attempt(): number {
    return this.hedge?.awaited ?? this.attempts;
  }

  get isReturning(): boolean {
    return this.attempts > 0;
  }

  /** When the whole call has taken too long. */
  get totalAt(): number {
    return this.arrivedAt + (this.call.options?.totalMs ?? this.lane.rules.totalMs);
  }

  /** Longest wait for one admission. */
  get ownMaxWaitMs(): number {
    return this.call.options?.maxWaitMs ?? this.lane.rules.queue.maxWaitMs;
  }

  /** Longest wait for the current admission, what the server asked for included. */
  get maxWaitMs(): number {
    const spentMs = this.setback?.isRequeued ? this.setback.throttledMs : 0;
    return this.ownMaxWaitMs + (this.setback?.graceMs ?? 0) - spentMs;
  }

  get patienceMs(): number {
    return Math.min(this.totalAt - this.arrivedAt, this.ownMaxWaitMs);
  }

  get attemptMs(): number {
    const { options, defaultAttemptMs = Infinity } = this.call;
    const { attemptMs } = this.lane.rules;
    return options?.attemptMs ?? (attemptMs === Infinity ? defaultAttemptMs : attemptMs);
  }

  /** Goes into a phase that ends by itself at `until`. */
  enter(phase: Phase, now: number, until: number = Infinity): void {
    if (this.later !== undefined || until !== Infinity) this.ports.deadlines.set(this, until, now);
    if (this.#phase === 'backing-off') this.#countBackingOff(-1);
    if (phase === 'backing-off') this.#countBackingOff(1);
    if (phase === 'granted') this.era = this.lane.breaker?.era;
    this.#phase = phase;
    this.since = now;
  }

  /** Resolves when the current phase ends: with an outcome if that is what ended it, else with the ticket. */
  wait(): Promise<Outcome<unknown> | Ticket> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The signal of the attempt that begins: the caller's own, unless the engine may have to abort it as well. */
  openSignal(byEngine: boolean): AbortSignal | undefined {
    if (!byEngine) return this.call.signal;
    this.#controller = new AbortController();
    return this.#controller.signal;
  }

  /** The outcome of attempt number `attempt`; false if nobody waits for it any more. */
  deliver(attempt: number, outcome: Outcome<unknown>): boolean {
    if (this.#phase !== 'in-flight') return false;
    if (this.hedge?.isOpen) return this.hedge.deliver(attempt, outcome, this.ports.clock.now());
    return attempt === this.attempt && this.#resume(outcome);
  }

  /** Goes on with another attempt than the one that the call waits for; returns that one. */
  swap({ sentAt, era, controller }: Flight, now: number): Flight {
    const before = { attempt: this.attempt, sentAt: this.since, era: this.era, controller: this.#controller };
    this.since = sentAt;
    this.era = era;
    this.#controller = controller;
    this.ports.deadlines.set(this, Math.min(sentAt + this.attemptMs, this.totalAt), now);
    return before;
  }

  queued(now: number): void {
    this.enter('queued', now, this.#waitUntil);
    if (this.ports.events.listening.queued) report.queued(this, now);
  }

  granted(now: number): void {
    const waitedMs = now - this.since;
    if (this.setback?.isRequeued) this.setback.throttledMs += waitedMs;
    this.enter('granted', now);
    this.lane.figures.wait.record(waitedMs);
    // Before any listener hears of it, who may make the lane admit others.
    this.#resume(this);
    if (this.ports.events.listening.admitted) report.admitted(this, waitedMs, now);
  }

  refused({ code, retryAfterMs }: Refusal, now: number): void {
    const isTotal = code === 'QUEUE_TIMEOUT' && this.totalAt - now < this.maxWaitMs;
    this.refuse(isTotal ? 'TOTAL_TIMEOUT' : code, now, retryAfterMs);
  }

  /** The wait's limits, and the bucket that `cost` must fit into, may be others now. */
  policyChanged(now: number): void {
    this.checkCost(now);
    if (this.#phase === 'queued') this.ports.deadlines.set(this, this.#waitUntil, now);
  }

  aborted(reason: unknown): void {
    this.end('aborted', reason, this.ports.clock.now());
  }

  expire(now: number): void {
    if (now >= this.totalAt) this.#overrun(now);
    else if (this.#phase === 'queued') this.refuse('QUEUE_TIMEOUT', now);
    else if (this.#phase === 'in-flight') this.#timeOut(now);
    // Still backing off until it is admitted again: the lane stays its own, and a closing engine finds it.
    else this.#resume(this);
  }

  /** Ends a call that would take more tokens than its host's buckets ever hold, and block everybody behind it. */
  checkCost(now: number): void {
    const { maxCost } = this.lane.rules;
    if (this.cost <= maxCost) return;
    this.end(
      'error',
      new RangeError(`pace.cost: expected at most the burst of ${this.lane.key}, ${maxCost}, got ${this.cost}`),
      now,
    );
  }

  refuse(code: Parameters<typeof refusalError>[0], now: number, retryAfterMs?: number): void {
    this.end('refused', refusalError(code, this.lane.key, this.attempts, retryAfterMs, this.setback?.error), now);
  }

  /** Ends the call wherever it is, at once; what it holds goes to the next. */
  end(reason: Ending['reason'], error: unknown, now: number): void {
    if (this.ending !== undefined || this.#phase === 'over') return;
    this.ending = { reason, error };
    const left = this.#phase;
    this.enter('idle', now);
    switch (left) {
      case 'idle':
        return;
      case 'queued':
        this.lane.leave(this, now);
        break;
      case 'granted':
        this.lane.giveBack(this.cost, this.era, now);
        break;
      case 'in-flight':
        if (this.hedge?.isOpen) this.hedge.end(error, now);
        this.#controller?.abort(error);
        this.lane.abandon(this.era, now);
        break;
      case 'backing-off':
        break;
    }
    this.#resume(this);
  }

  get #waitUntil(): number {
    return Math.min(this.since + this.maxWaitMs, this.totalAt);
  }

  #countBackingOff(step: 1 | -1): void {
    this.lane.backingOff += step;
    if (step === 1) this.ports.backingOff.add(this);
    else this.ports.backingOff.delete(this);
  }

  /**
   * Ends a call that took too long. For the breaker it is the host's failure, too, if the attempt under way alone had half
   * of the time; for the pace, if it took much longer than attempts usually do.
   */
  #overrun(now: number): void {
    const { lane, since } = this;
    const error = refusalError('TOTAL_TIMEOUT', lane.key, this.attempts, undefined, this.setback?.error);
    const tookMs = this.#phase === 'in-flight' ? now - since : 0;
    if (tookMs > 0 && 2 * tookMs >= now - this.arrivedAt) {
      lane.breaker?.learn(this.era, { kind: 'failed', error, sent: 'maybe', timedOut: true }, now);
    }
    if (tookMs > UNUSUAL * (lane.figures.latency.quantile(0.5) ?? 0)) {
      lane.learn({ evidence: 'timed-out', sentAt: since, awayMs: 0 }, now);
    }
    this.end('refused', error, now);
  }

  #timeOut(now: number): void {
    // A policy that came while the attempt was under way may leave it more time.
    const until = Math.min(this.since + this.attemptMs, this.totalAt);
    if (until > now) {
      this.ports.deadlines.set(this, until, now);
      return;
    }
    const error = refusalError('ATTEMPT_TIMEOUT', this.lane.key, this.attempts);
    this.#controller?.abort(error);
    this.deliver(this.attempt, { kind: 'failed', error, sent: 'maybe', timedOut: true });
  }

  /** Ends the wait; false if nobody waits any more. */
  #resume(ended: Outcome<unknown> | Ticket): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.(ended);
    return wake !== undefined;
  }
}

function termsOf({ options }: Call<unknown>): Terms {
  const { priority = 0, cost = 1 } = options ?? {};
  return priority === 0 && cost === 1 ? USUAL : { priority, cost };
}
