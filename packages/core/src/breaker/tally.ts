import type { BreakerRules } from '../policy/rules.ts';
import { SlidingSum } from '../time/sliding-sum.ts';
import type { BreakerReason } from './reasons.ts';

/** What a closed breaker has seen of its host: failures in a row, and their share within a window. */
export class Tally {
  readonly #attempts: SlidingSum;
  readonly #failures: SlidingSum;
  #inRow = 0;

  constructor({ windowMs }: BreakerRules, now: number) {
    this.#attempts = new SlidingSum(windowMs, now);
    this.#failures = new SlidingSum(windowMs, now);
  }

  /** What was counted in the old window stays. */
  follow({ windowMs }: BreakerRules, now: number): void {
    this.#attempts.resize(windowMs, now);
    this.#failures.resize(windowMs, now);
  }

  succeeded(now: number): void {
    this.#attempts.add(now);
    this.#inRow = 0;
  }

  /** Counts a failure; tells why that is one too many, if it is. */
  failed(
    rules: BreakerRules,
    now: number,
  ): Extract<BreakerReason, 'consecutive-failures' | 'failure-ratio'> | undefined {
    this.#inRow = this.inRow(now) + 1;
    this.#attempts.add(now);
    this.#failures.add(now);
    if (this.#inRow >= rules.consecutiveFailures) return 'consecutive-failures';
    const attempts = this.attempts(now);
    return attempts >= rules.minAttempts && this.failures(now) >= rules.failureRatio * attempts
      ? 'failure-ratio'
      : undefined;
  }

  attempts(now: number): number {
    return this.#attempts.total(now);
  }

  failures(now: number): number {
    return this.#failures.total(now);
  }

  /** Failures since the last success; those before a window without any attempt are no row with those after it. */
  inRow(now: number): number {
    return this.attempts(now) === 0 ? 0 : this.#inRow;
  }
}
