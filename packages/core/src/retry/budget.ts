import type { BudgetRules } from '../policy/rules.ts';
import { SlidingSum } from '../time/sliding-sum.ts';

/** Five deposits of 0.2 are one retry, whatever the floating point makes of them. */
const ROUNDING = 1e-9;

/**
 * Bounds the retries of a lane: over the window they are at most `ratio` per first attempt plus `minPerSecond` for
 * every second, so a failing host sees little more than its callers' own load, however many retries each call may have.
 *
 * Source: the RetryBudget of Twitter's Finagle, which Linkerd and Tower took over with the same constants.
 */
export class RetryBudget {
  #rules: BudgetRules;
  readonly #firsts: SlidingSum;
  /** Undefined until the first retry: most lanes never have one. */
  #retries: SlidingSum | undefined;

  constructor(rules: BudgetRules, now: number) {
    this.#rules = rules;
    this.#firsts = new SlidingSum(rules.windowMs, now);
  }

  /** Follows new rules from now on; what was earned and paid in the window stays. */
  follow(rules: BudgetRules, now: number): void {
    this.#rules = rules;
    this.#firsts.resize(rules.windowMs, now);
    this.#retries?.resize(rules.windowMs, now);
  }

  /** A first attempt was admitted. */
  earn(now: number): void {
    this.#firsts.add(now);
  }

  /** Pays for one retry, or says that there is nothing to pay it with. */
  pay(now: number): boolean {
    if (!this.canPay(now)) return false;
    this.#retries ??= new SlidingSum(this.#rules.windowMs, now);
    this.#retries.add(now);
    return true;
  }

  canPay(now: number): boolean {
    return this.balance(now) + ROUNDING >= 1;
  }

  /** Gives back what a retry paid that was never sent. */
  refund(): void {
    this.#retries?.takeBack();
  }

  /** Retries that could be paid now, fractions included. */
  balance(now: number): number {
    const { ratio, minPerSecond, windowMs } = this.#rules;
    return ratio * this.#firsts.total(now) + (minPerSecond * windowMs) / 1000 - this.#spent(now);
  }

  /** Whether forgetting the budget would let nobody retry more than the rules allow. */
  isUnspent(now: number): boolean {
    return this.#spent(now) === 0;
  }

  #spent(now: number): number {
    return this.#retries?.total(now) ?? 0;
  }
}
