import type { BudgetRules } from '../policy/rules.ts';

/** The window forgets in steps of a tenth, so that it is up to a tenth shorter than `windowMs`. */
const SLICES = 10;

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
  readonly #firsts: number[] = new Array<number>(SLICES).fill(0);
  /** Undefined until the first retry: most lanes never have one. */
  #retries: number[] | undefined;
  #firstsInWindow = 0;
  #retriesInWindow = 0;
  #slice = 0;
  #sliceEndsAt: number;

  constructor(rules: BudgetRules, now: number) {
    this.#rules = rules;
    this.#sliceEndsAt = now + rules.windowMs / SLICES;
  }

  /** Follows new rules from now on; what was earned and paid in the window stays. */
  follow(rules: BudgetRules, now: number): void {
    this.#forget(now);
    this.#rules = rules;
    this.#sliceEndsAt = now + rules.windowMs / SLICES;
  }

  /** A first attempt was admitted. */
  earn(now: number): void {
    if (now >= this.#sliceEndsAt) this.#forget(now);
    this.#firsts[this.#slice] = (this.#firsts[this.#slice] ?? 0) + 1;
    this.#firstsInWindow += 1;
  }

  /** Pays for one retry, or says that there is nothing to pay it with. */
  pay(now: number): boolean {
    if (this.balance(now) + ROUNDING < 1) return false;
    this.#retries ??= new Array<number>(SLICES).fill(0);
    this.#retries[this.#slice] = (this.#retries[this.#slice] ?? 0) + 1;
    this.#retriesInWindow += 1;
    return true;
  }

  /** Gives back what a retry paid that was never sent. */
  refund(): void {
    const retries = this.#retries;
    if (retries === undefined) return;
    for (let age = 0; age < SLICES; age += 1) {
      const slice = (this.#slice - age + SLICES) % SLICES;
      const paid = retries[slice] ?? 0;
      if (paid === 0) continue;
      retries[slice] = paid - 1;
      this.#retriesInWindow -= 1;
      return;
    }
  }

  /** Retries that could be paid now, fractions included. */
  balance(now: number): number {
    this.#forget(now);
    const { ratio, minPerSecond, windowMs } = this.#rules;
    return ratio * this.#firstsInWindow + (minPerSecond * windowMs) / 1000 - this.#retriesInWindow;
  }

  /** Whether forgetting the budget would let nobody retry more than the rules allow. */
  isUnspent(now: number): boolean {
    this.#forget(now);
    return this.#retriesInWindow === 0;
  }

  #forget(now: number): void {
    if (now < this.#sliceEndsAt) return;
    const sliceMs = this.#rules.windowMs / SLICES;
    const passed = Math.floor((now - this.#sliceEndsAt) / sliceMs) + 1;
    for (let step = 0; step < Math.min(passed, SLICES); step += 1) {
      this.#slice = (this.#slice + 1) % SLICES;
      this.#firstsInWindow -= this.#firsts[this.#slice] ?? 0;
      this.#firsts[this.#slice] = 0;
      if (this.#retries === undefined) continue;
      this.#retriesInWindow -= this.#retries[this.#slice] ?? 0;
      this.#retries[this.#slice] = 0;
    }
    this.#sliceEndsAt += passed * sliceMs;
  }
}
