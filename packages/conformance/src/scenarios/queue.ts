import { perSecond } from '@paceline/core';
import type { Scenario } from '../scenario.ts';

/** Who waits, for how long, and who goes first. */
export const QUEUE: readonly Scenario[] = [
  {
    name: 'calls leave in the order in which they were made',
    over: 'msw',
    policy: { concurrency: 1 },
    heldMs: 1_000,
    server: [200, 200, 200],
    calls: { a: {}, b: {}, c: {} },
    expected: {
      ends: { a: '200, answer 1', b: '200, answer 2', c: '200, answer 3' },
      arrivals: 'a b c',
      log: {
        a: 'queued sent 200 settled(done)',
        b: 'queued sent 200 settled(done)',
        c: 'queued sent 200 settled(done)',
        host: 'held(manual)',
      },
    },
  },
  {
    name: 'a higher priority goes first',
    over: 'msw',
    policy: { concurrency: 1 },
    heldMs: 1_000,
    server: [200, 200, 200],
    calls: { low: { pace: { priority: -1 } }, plain: {}, high: { pace: { priority: 1 } } },
    expected: {
      ends: { low: '200, answer 3', plain: '200, answer 2', high: '200, answer 1' },
      arrivals: 'high plain low',
      log: {
        low: 'queued sent 200 settled(done)',
        plain: 'queued sent 200 settled(done)',
        high: 'queued sent 200 settled(done)',
        host: 'held(manual)',
      },
    },
  },
  {
    name: 'a retry goes before calls that were made later',
    over: 'msw',
    policy: { concurrency: 1 },
    heldMs: 1_000,
    server: [503, 'hang', 200, 200],
    calls: { a: {}, b: { pace: { attemptMs: 1_000, maxRetries: 0 } }, c: {} },
    expected: {
      ends: { a: '200, answer 3', b: 'refused ATTEMPT_TIMEOUT', c: '200, answer 4' },
      arrivals: 'a b a c',
      log: {
        a: 'queued sent 503 retry(status) queued sent 200 settled(done)',
        b: 'queued sent failed settled(retries-exhausted)',
        c: 'queued sent 200 settled(done)',
        host: 'held(manual)',
      },
    },
  },
  {
    name: 'each attempt takes a token, also that of a retry, and as many as the call says',
    over: 'msw',
    policy: { rate: perSecond(10), burst: 2, retry: { backoff: { delayMs: () => 0 } } },
    server: [503, 200, 200, 200],
    calls: { a: {}, b: { when: { call: 'a', is: 'over' } }, c: { pace: { cost: 2 } } },
    expected: {
      ends: { a: '200, answer 2', b: '200, answer 3', c: '200, answer 4' },
      arrivals: 'a a b c',
      log: {
        a: 'sent 503 retry(status) sent 200 settled(done)',
        b: 'queued sent 200 settled(done)',
        c: 'queued sent 200 settled(done)',
      },
      apartMs: [0, 100, 200],
    },
  },
  {
    name: 'a full queue refuses the newcomer',
    over: 'msw',
    policy: { queue: { maxLength: 1 } },
    heldMs: 1_000,
    server: [200],
    calls: { a: {}, b: {} },
    expected: {
      ends: { a: '200, answer 1', b: 'refused QUEUE_FULL' },
      arrivals: 'a',
      log: {
        a: 'queued sent 200 settled(done)',
        b: 'refused(QUEUE_FULL) settled(refused)',
        host: 'held(manual)',
      },
    },
  },
  {
    name: 'a refused caller gets what its fallback makes',
    policy: { queue: { maxLength: 0 } },
    heldMs: 10_000,
    server: [],
    calls: { a: { fallsBackTo: 'answer 0' } },
    expected: {
      ends: { a: '200, answer 0' },
      arrivals: '',
      log: { a: 'refused(QUEUE_FULL) settled(refused) fallback(refused)', host: 'held(manual)' },
    },
  },
  {
    name: 'a full queue drops its oldest, where the policy says so',
    over: 'msw',
    policy: { queue: { maxLength: 1, onFull: 'drop-oldest' } },
    heldMs: 1_000,
    server: [200],
    calls: { a: {}, b: {} },
    expected: {
      ends: { a: 'refused DROPPED', b: '200, answer 1' },
      arrivals: 'b',
      log: {
        a: 'queued refused(DROPPED) settled(refused)',
        b: 'queued sent 200 settled(done)',
        host: 'held(manual)',
      },
    },
  },
  {
    name: 'a queue without places refuses whoever has to wait',
    policy: { queue: { maxLength: 0 } },
    heldMs: 10_000,
    server: [],
    calls: { a: {} },
    expected: {
      ends: { a: 'refused QUEUE_FULL' },
      arrivals: '',
      log: { a: 'refused(QUEUE_FULL) settled(refused)', host: 'held(manual)' },
    },
  },
  {
    name: 'a wait that takes too long is ended',
    over: 'msw',
    policy: { concurrency: 1 },
    server: ['hang'],
    calls: { a: { pace: { attemptMs: 1_000, maxRetries: 0 } }, b: { pace: { maxWaitMs: 500 } } },
    expected: {
      ends: { a: 'refused ATTEMPT_TIMEOUT', b: 'refused QUEUE_TIMEOUT' },
      arrivals: 'a',
      log: {
        a: 'sent failed settled(retries-exhausted)',
        b: 'queued refused(QUEUE_TIMEOUT) settled(refused)',
      },
    },
  },
  {
    name: 'a wait that will take too long is refused when it would begin',
    policy: { queue: { maxWaitMs: 500 } },
    heldMs: 60_000,
    server: [],
    calls: { a: {} },
    expected: {
      ends: { a: 'refused QUEUE_TIMEOUT' },
      arrivals: '',
      log: { a: 'refused(QUEUE_TIMEOUT) settled(refused)', host: 'held(manual)' },
    },
  },
];
