import type { Histogram } from '../monitor/histogram.ts';
import type { BudgetRules, HedgeRules } from '../policy/rules.ts';
import { RetryBudget } from '../retry/budget.ts';

/** As in Finagle's BackupRequestFilter; what is not spent within it lapses. */
const WINDOW_MS = 30_000;

/**
 * What a lane knows of hedges: which calls may have one, when it is due, and whether it is paid for.
 *
 * Sources: J. Dean, L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013; Finagle's BackupRequestFilter, whose budget has
 * no floor either.
 */
export class Hedging {
  #rules: HedgeRules;
  readonly #budget: RetryBudget;

  constructor(rules: HedgeRules, now: number) {
    this.#rules = rules;
    this.#budget = new RetryBudget(budgetRules(rules), now);
  }

  /** The methods that may be sent twice. */
  get methods(): ReadonlySet<string> {
    return this.#rules.methods;
  }

  /** Milliseconds after which an attempt is slow enough for a second one; undefined while too little was measured. */
  delayMs(latency: Histogram): number | undefined {
    const { afterMs, quantile, minSamples } = this.#rules;
    if (afterMs !== undefined) return afterMs;
    return latency.count < minSamples ? undefined : (latency.quantile(quantile) ?? undefined);
  }

  /** A first attempt was sent. */
  earn(now: number): void {
    this.#budget.earn(now);
  }

  canPay(now: number): boolean {
    return this.#budget.canPay(now);
  }

  pay(now: number): void {
    this.#budget.pay(now);
  }

  follow(rules: HedgeRules, now: number): void {
    this.#rules = rules;
    this.#budget.follow(budgetRules(rules), now);
  }

  /** Whether forgetting it would let nobody hedge more than the rules allow. */
  isUnspent(now: number): boolean {
    return this.#budget.isUnspent(now);
  }
}

function budgetRules({ ratio }: HedgeRules): BudgetRules {
  return { ratio, minPerSecond: 0, windowMs: WINDOW_MS };
}
