import { expect, test } from 'vitest';
import { laneRules } from '../policy/lane-rules.ts';
import type { BreakerPolicy } from '../policy/options.ts';
import type { BreakerRules } from '../policy/rules.ts';
import { Tally } from './tally.ts';

function rulesOf(policy: BreakerPolicy): BreakerRules {
  const rules = laneRules({ breaker: policy }).breaker;
  if (rules === undefined) throw new Error('no breaker');
  return rules;
}

/** The reasons that a run of successes (`.`) and failures (`x`), one every `everyMs`, gives to open. */
function reasonsOf(run: string, policy: BreakerPolicy, everyMs = 1): (string | undefined)[] {
  const rules = rulesOf(policy);
  const tally = new Tally(rules, 0);
  return [...run].map((outcome, index) => {
    const now = index * everyMs;
    if (outcome === 'x') return tally.failed(rules, now);
    tally.succeeded(now);
    return undefined;
  });
}

test('failures in a row are too many when they are as many as the policy says, whatever came before', () => {
  const policy = { consecutiveFailures: 3, failureRatio: Number.POSITIVE_INFINITY };
  expect(reasonsOf('xx.xx.xxx', policy)).toEqual([...new Array(8).fill(undefined), 'consecutive-failures']);
});

test('a window without attempts ends a row', () => {
  const policy = { consecutiveFailures: 3, windowMs: 1000 };
  expect(reasonsOf('xxx', policy, 900)).toEqual([undefined, undefined, 'consecutive-failures']);
  expect(reasonsOf('xxxx', policy, 1100)).toEqual([undefined, undefined, undefined, undefined]);
});

test('a share of failures means something from the minimum volume on', () => {
  const policy = { consecutiveFailures: Number.POSITIVE_INFINITY, failureRatio: 0.5, minAttempts: 6 };
  expect(reasonsOf('xxx..x', policy)).toEqual([...new Array(5).fill(undefined), 'failure-ratio']);
  expect(reasonsOf('x...x', policy)).toEqual(new Array(5).fill(undefined));
  expect(reasonsOf('x....x..', policy)).toEqual(new Array(8).fill(undefined));
});

test('what is older than the window counts no more', () => {
  const policy = {
    consecutiveFailures: Number.POSITIVE_INFINITY,
    failureRatio: 0.5,
    minAttempts: 4,
    windowMs: 1000,
  };
  expect(reasonsOf('x..x', policy, 100).at(-1)).toBe('failure-ratio');
  expect(reasonsOf('x..x', policy, 400).at(-1)).toBeUndefined();
});

test('a ratio of 1 is all of them', () => {
  const policy = { consecutiveFailures: Number.POSITIVE_INFINITY, failureRatio: 1, minAttempts: 3 };
  expect(reasonsOf('xxx', policy).at(-1)).toBe('failure-ratio');
  expect(reasonsOf('.xx', policy).at(-1)).toBeUndefined();
});

test('without a success or a failure it is empty', () => {
  const rules = rulesOf({ windowMs: 1000 });
  const tally = new Tally(rules, 0);
  tally.failed(rules, 0);
  tally.succeeded(1);
  tally.failed(rules, 2);
  expect([tally.attempts(2), tally.failures(2), tally.inRow(2)]).toEqual([3, 2, 1]);
  expect([tally.attempts(1000), tally.failures(1000), tally.inRow(1000)]).toEqual([0, 0, 0]);
});
