import type { PacelineErrorCode } from '../errors.ts';
import { PACE } from '../pace/constants.ts';
import type { QueueRules } from '../policy/rules.ts';
import { type Waiter, WaitQueue } from './wait-queue.ts';

/** One who asks a lane for a token and a slot. */
export interface Applicant extends Waiter {
  /** Start of its wait. */
  readonly since: number;
  /** How long its caller would wait at most, in milliseconds. */
  readonly patienceMs: number;
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

/** A lane's queue under its rules: who leaves next, and who has to go when there are too many. */
export class Line {
  #rules: QueueRules;
  readonly #gate: { readonly isPaced: boolean };
  /** Most lanes of many never have anybody wait; they share an empty one. */
  #queue: WaitQueue<Applicant> = EMPTY;

  constructor(rules: QueueRules, gate: { readonly isPaced: boolean }) {
    this.#rules = rules;
    this.#gate = gate;
  }

  get length(): number {
    return this.#queue.length;
  }

  /** Tokens that all who wait will take. */
  get cost(): number {
    return this.#queue.costAhead(-Infinity);
  }

  push(applicant: Applicant): void {
    if (this.#queue === EMPTY) this.#queue = new WaitQueue();
    this.#queue.push(applicant);
  }

  remove(applicant: Applicant): void {
    this.#queue.remove(applicant);
  }

  next(now: number): Applicant | undefined {
    const { first } = this.#queue;
    return first !== undefined && this.#isNewestFirst(first.priority, now) ? this.#queue.newest : first;
  }

  /** Tokens and attempts that leave before those of an applicant who joins now; attempts are counted only while the pace limits. */
  aheadOf({ isReturning, priority }: Applicant, now: number): { readonly cost: number; readonly attempts: number } {
    if (isReturning || this.#isNewestFirst(priority, now)) return NOBODY;
    return {
      cost: this.#queue.costAhead(priority),
      attempts: this.#gate.isPaced ? this.#queue.lengthAhead(priority) : 0,
    };
  }

  /** Whether a newcomer finds a place. Somebody of a lower priority always goes for it, one of the same if the policy says so. */
  makeRoom(priority: number, now: number): boolean {
    const { maxLength, onFull } = this.#rules;
    if (this.#queue.newcomers < maxLength) return true;
    const lowest = this.#queue.oldestNewcomer;
    const dropsOldest = onFull === 'drop-oldest' || this.#isNewestFirst(lowest?.priority, now);
    const loser = dropsOldest ? lowest : this.#queue.newestNewcomer;
    if (loser === undefined || loser.priority > priority) return false;
    if (loser.priority === priority && !dropsOldest) return false;
    this.#refuse(loser, { code: 'DROPPED' }, now);
    return true;
  }

  /** Follows new rules; the newest beyond a shortened length have to go. */
  follow(rules: QueueRules, now: number): void {
    this.#rules = rules;
    for (const applicant of this.#queue.all()) applicant.policyChanged(now);
    while (this.#queue.newcomers > rules.maxLength) {
      const newest = this.#queue.newestNewcomer;
      if (newest === undefined) return;
      this.#refuse(newest, { code: 'QUEUE_FULL' }, now);
    }
  }

  /** Ends every wait. All are out before the first hears of it: each that ends has the lane look for the next. */
  refuseAll(refusal: Refusal, now: number): void {
    const waiting = this.#queue.all();
    for (const applicant of waiting) this.#queue.remove(applicant);
    for (const applicant of waiting) applicant.refused(refusal, now);
  }

  #refuse(applicant: Applicant, refusal: Refusal, now: number): void {
    this.#queue.remove(applicant);
    applicant.refused(refusal, now);
  }

  /**
   * Whether this priority's line has not been worked off for so long that its newest call has the best chance to be of
   * use to its caller. Source: B. Maurer, "Fail at Scale", ACM Queue 13(8), 2015.
   */
  #isNewestFirst(priority: number | undefined, now: number): boolean {
    const { order, targetWaitMs } = this.#rules;
    if (order === 'fifo' && !this.#gate.isPaced) return false;
    const oldest = this.#queue.longestWaiting(priority);
    if (oldest === undefined) return false;
    const mostMs = order === 'fifo' ? PACE.patienceShare * oldest.patienceMs : targetWaitMs;
    return now - oldest.since > mostMs;
  }
}

const NOBODY = { cost: 0, attempts: 0 };

const EMPTY = new WaitQueue<Applicant>();
