import type { HostPolicy } from '@paceline/core';
import type { Reply, Scenario } from '../scenario.ts';

const PACED: HostPolicy = { pace: {}, retry: { maxRetries: 1 } };

const IN_A_SECOND = { 'retry-after': '1' };
const THROTTLED: Reply = { status: 429, headers: IN_A_SECOND };
const REFUSED: Reply = { status: 503, headers: IN_A_SECOND };

/** A lane that finds its host's pace, and one that gives a failing host up for a while. */
export const OVERLOAD: readonly Scenario[] = [
  {
    name: '429 is no failure: the call goes back to the head of the line, however often',
    policy: { ...PACED, concurrency: 1 },
    server: [THROTTLED, THROTTLED, 200, 200],
    calls: { a: {}, b: {} },
    expected: {
      ends: { a: '200, answer 3', b: '200, answer 4' },
      arrivals: 'a a a b',
      log: {
        a: 'sent 429 retry(throttled) queued sent 429 retry(throttled) queued sent 200 settled(done)',
        b: 'queued sent 200 settled(done)',
        host: 'held(retry-after) paced held(retry-after) paced',
      },
      apartMs: [1_000, 1_000],
    },
  },
  {
    name: '429 without a word about when: the next attempt waits for the pace',
    policy: PACED,
    server: [429, 429, 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 3' },
      arrivals: 'a a a',
      log: {
        a: 'sent 429 retry(throttled) queued sent 429 retry(throttled) queued sent 200 settled(done)',
        host: 'paced',
      },
      // The demand is one a second; twice that and one more is the rate, halved by each 429.
      apartMs: [1_000 / 1.5, 1_000 / 0.75],
    },
  },
  {
    name: 'a host that was overloaded gets one attempt first, and the others after it',
    over: 'msw',
    policy: PACED,
    heldMs: 1_000,
    server: [REFUSED, REFUSED, 200, 200],
    calls: { a: {}, b: {} },
    expected: {
      ends: { a: '200, answer 3', b: '200, answer 4' },
      arrivals: 'a b a b',
      log: {
        a: 'queued sent 503 retry(status) queued sent 200 settled(done)',
        b: 'queued sent 503 retry(status) queued sent 200 settled(done)',
        host: 'held(manual) held(retry-after) paced',
      },
      apartMs: [0, 1_000, 1],
    },
  },
  {
    name: 'a breaker that is open refuses',
    policy: { breaker: { consecutiveFailures: 2 }, retry: false },
    server: [500, 500],
    calls: {
      a: {},
      b: { when: { call: 'a', is: 'over' } },
      c: { when: { call: 'b', is: 'over' } },
    },
    expected: {
      ends: { a: '500, answer 1', b: '500, answer 2', c: 'refused CIRCUIT_OPEN' },
      arrivals: 'a b',
      log: {
        a: 'sent 500 settled(done)',
        b: 'sent 500 settled(done)',
        c: 'refused(CIRCUIT_OPEN) settled(refused)',
        host: 'breaker(open)',
      },
    },
  },
  {
    name: 'a breaker lets one call try the host out, and the others after it',
    policy: { breaker: { consecutiveFailures: 1, openMs: 300, whileOpen: 'wait' }, retry: false },
    server: [500, 200, 200],
    calls: { a: {}, b: { when: { call: 'a', is: 'over' } }, c: {} },
    expected: {
      ends: { a: '500, answer 1', b: '200, answer 2', c: '200, answer 3' },
      arrivals: 'a b c',
      log: {
        a: 'sent 500 settled(done)',
        b: 'queued sent 200 settled(done)',
        c: 'queued sent 200 settled(done)',
        host: 'breaker(open) breaker(half-open) breaker(closed)',
      },
      apartMs: [300],
    },
  },
];
