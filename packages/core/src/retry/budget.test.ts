import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BudgetRules } from '../policy/rules.ts';
import { RetryBudget } from './budget.ts';

const RULES: BudgetRules = { ratio: 0.2, minPerSecond: 1, windowMs: 10_000 };
const NO_FLOOR: BudgetRules = { ...RULES, minPerSecond: 0 };

function earn(budget: RetryBudget, firsts: number, now: number): void {
  for (let first = 0; first < firsts; first += 1) budget.earn(now);
}

/** Retries that are paid for, of more than anybody would. */
function payAll(budget: RetryBudget, now: number): number {
  let paid = 0;
  while (paid < 100_000 && budget.pay(now)) paid += 1;
  return paid;
}

describe('a budget', () => {
  test('pays one retry for every five first attempts', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 4, 0);
    expect(budget.pay(0)).toBe(false);
    budget.earn(0);
    expect(budget.pay(0)).toBe(true);
    expect(budget.pay(0)).toBe(false);
  });

  test('pays what a quiet lane may have anyway', () => {
    expect(payAll(new RetryBudget(RULES, 0), 0)).toBe(10);
    expect(payAll(new RetryBudget({ ...RULES, minPerSecond: 0.25, windowMs: 2_000 }, 0), 0)).toBe(0);
  });

  test('adds both', () => {
    const budget = new RetryBudget(RULES, 0);
    earn(budget, 100, 0);
    expect(budget.balance(0)).toBeCloseTo(30, 9);
    expect(payAll(budget, 0)).toBe(30);
    expect(budget.balance(0)).toBeCloseTo(0, 9);
  });

  test('never loses a retry to floating point', () => {
    for (const percent of [10, 20, 29, 57, 58, 70]) {
      const budget = new RetryBudget({ ...NO_FLOOR, ratio: percent / 100 }, 0);
      earn(budget, 100, 0);
      expect(payAll(budget, 0)).toBe(percent);
    }
  });

  test('lets what was not spent lapse with the window', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 100, 500);
    expect(budget.balance(8_999)).toBeCloseTo(20, 9);
    expect(budget.balance(10_000)).toBe(0);
    expect(budget.pay(10_000)).toBe(false);
  });

  test('forgets in steps, what is newer stays', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 50, 500);
    earn(budget, 10, 5_500);
    expect(budget.balance(10_000)).toBeCloseTo(2, 9);
    expect(budget.balance(14_999)).toBeCloseTo(2, 9);
    expect(budget.balance(15_000)).toBe(0);
  });

  test('is unspent until a retry is paid, and again when that is out of the window', () => {
    const budget = new RetryBudget(RULES, 0);
    earn(budget, 5, 0);
    expect(budget.isUnspent(0)).toBe(true);
    budget.pay(0);
    expect(budget.isUnspent(9_999)).toBe(false);
    expect(budget.isUnspent(10_000)).toBe(true);
  });

  test('takes back what was paid for nothing', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 5, 0);
    budget.pay(0);
    budget.refund();
    expect(budget.isUnspent(3_000)).toBe(true);
    expect(budget.pay(3_000)).toBe(true);
  });

  test('takes back nothing that has lapsed', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 5, 0);
    budget.pay(0);
    expect(budget.isUnspent(60_000)).toBe(true);
    budget.refund();
    expect(budget.balance(60_000)).toBe(0);
    expect(budget.isUnspent(60_000)).toBe(true);
  });

  test('goes on from there after a rest of years', () => {
    const budget = new RetryBudget(RULES, 0);
    payAll(budget, 0);
    const later = 3 * 365 * 86_400_000 + 0.1;
    expect(payAll(budget, later)).toBe(10);
    expect(budget.pay(later + 8_000)).toBe(false);
    expect(payAll(budget, later + 10_000)).toBe(10);
  });

  test('is not disturbed by a clock that stands still or steps back', () => {
    const budget = new RetryBudget(RULES, 5_000);
    expect(payAll(budget, 5_000)).toBe(10);
    expect(budget.pay(1_000)).toBe(false);
    expect(budget.balance(0)).toBe(0);
  });
});

describe('new rules', () => {
  test('hold from now on; what was earned and paid stays', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 100, 0);
    budget.pay(0);
    budget.follow({ ...NO_FLOOR, ratio: 0.5 }, 100);
    expect(budget.balance(100)).toBeCloseTo(49, 9);
  });

  test('with a smaller ratio may leave a debt, which pays for nothing', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 100, 0);
    expect(payAll(budget, 0)).toBe(20);
    budget.follow({ ...NO_FLOOR, ratio: 0.1 }, 100);
    expect(budget.balance(100)).toBeCloseTo(-10, 9);
    expect(budget.pay(100)).toBe(false);
  });

  test('do not bring back what had lapsed under the old', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 100, 0);
    budget.follow({ ...NO_FLOOR, windowMs: 60_000 }, 15_000);
    expect(budget.balance(15_000)).toBe(0);
  });

  test('with another window forget at its pace', () => {
    const budget = new RetryBudget(NO_FLOOR, 0);
    earn(budget, 100, 0);
    budget.follow({ ...NO_FLOOR, windowMs: 1_000 }, 500);
    expect(budget.balance(1_399)).toBeCloseTo(20, 9);
    expect(budget.balance(1_500)).toBe(0);
  });
});

/** A budget whose every answer is held against all that was ever earned and paid. */
class AuditedBudget {
  readonly #rules: BudgetRules;
  readonly #budget: RetryBudget;
  readonly #firsts: number[] = [];
  readonly #retries: number[] = [];

  constructor(rules: BudgetRules) {
    this.#rules = rules;
    this.#budget = new RetryBudget(rules, 0);
  }

  earn(now: number): void {
    this.#budget.earn(now);
    this.#firsts.push(now);
  }

  refund(): void {
    this.#budget.refund();
    this.#retries.pop();
  }

  /** Firsts count for no longer than the window and no shorter than nine tenths of it; so do retries. */
  pay(now: number): void {
    const { ratio, minPerSecond, windowMs } = this.#rules;
    const count = (times: readonly number[], share: number): number =>
      times.filter((at) => at > now - share * windowMs).length;
    const floor = (minPerSecond * windowMs) / 1000;
    const most = ratio * count(this.#firsts, 1) + floor - count(this.#retries, 0.9);
    const least = ratio * count(this.#firsts, 0.9) + floor - count(this.#retries, 1);
    const hasPaid = this.#budget.pay(now);
    if (hasPaid) this.#retries.push(now);
    if (hasPaid) expect(most).toBeGreaterThanOrEqual(1 - 1e-6);
    else expect(least).toBeLessThan(1);
  }
}

test('whatever happens, retries keep to the budget of the window, and refunds make no new ones', () => {
  const gapMs = fc.oneof(fc.nat(300), fc.nat(3_000), fc.nat(30_000));
  const what = fc.constantFrom('earn' as const, 'earn' as const, 'pay' as const, 'pay' as const, 'refund' as const);
  const rules = fc.record({
    ratio: fc.constantFrom(0, 0.1, 0.2, 1, 2.5),
    minPerSecond: fc.constantFrom(0, 0.3, 1),
    windowMs: fc.constantFrom(1_000, 3_333, 10_000),
  });
  fc.assert(
    fc.property(rules, fc.array(fc.record({ gapMs, what }), { maxLength: 300 }), (given, steps) => {
      const budget = new AuditedBudget(given);
      let now = 0;
      for (const step of steps) {
        now += step.gapMs;
        budget[step.what](now);
      }
    }),
    { numRuns: 500 },
  );
});
