import type { Scenario } from '../scenario.ts';

/** What takes too long: an attempt, or the whole call, wherever it is. */
export const TIMEOUTS: readonly Scenario[] = [
  {
    name: 'an attempt without an answer in time is tried again',
    server: ['hang', 200],
    calls: { a: { pace: { attemptMs: 1_000 } } },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent failed retry(timeout) sent 200 settled(done)' },
      apartMs: [1_000],
    },
  },
  {
    name: 'each attempt has its own time, and the end of the last one is ATTEMPT_TIMEOUT',
    over: 'msw',
    policy: { timeouts: { attemptMs: 500 }, retry: { maxRetries: 1 } },
    server: ['hang', 'hang'],
    calls: { a: {} },
    expected: {
      ends: { a: 'refused ATTEMPT_TIMEOUT' },
      arrivals: 'a a',
      log: { a: 'sent failed retry(timeout) sent failed settled(retries-exhausted)' },
      apartMs: [500],
    },
  },
  {
    name: 'POST without an answer in time is not tried again',
    server: ['hang'],
    calls: { a: { method: 'POST', pace: { attemptMs: 500 } } },
    expected: {
      ends: { a: 'refused ATTEMPT_TIMEOUT' },
      arrivals: 'a',
      log: { a: 'sent failed settled(not-idempotent)' },
    },
  },
  {
    name: 'the total time ends a call in flight',
    server: ['hang'],
    calls: { a: { pace: { totalMs: 500 } } },
    expected: {
      ends: { a: 'refused TOTAL_TIMEOUT' },
      arrivals: 'a',
      log: { a: 'sent refused(TOTAL_TIMEOUT) settled(refused)' },
    },
  },
  {
    name: 'a server that hangs, in a call of 15 s whose attempts nobody has set a limit to',
    over: 'msw',
    server: ['hang', 200],
    calls: { a: { pace: { totalMs: 15_000 } } },
    expected: {
      ends: { a: 'refused TOTAL_TIMEOUT' },
      arrivals: 'a',
      log: { a: 'sent refused(TOTAL_TIMEOUT) settled(refused)' },
    },
    otherwise: {
      where: { limitsAttempts: true },
      because: "Where neither the call nor the host's policy has a limit, ky keeps its own of 10 s.",
      expected: {
        ends: { a: '200, answer 2' },
        arrivals: 'a a',
        log: { a: 'sent failed retry(timeout) sent 200 settled(done)' },
        apartMs: [10_000],
      },
    },
  },
  {
    name: 'the total time ends a call in the queue',
    over: 'msw',
    policy: { concurrency: 1 },
    server: ['hang'],
    calls: { a: { pace: { attemptMs: 1_000, maxRetries: 0 } }, b: { pace: { totalMs: 500 } } },
    expected: {
      ends: { a: 'refused ATTEMPT_TIMEOUT', b: 'refused TOTAL_TIMEOUT' },
      arrivals: 'a',
      log: {
        a: 'sent failed settled(retries-exhausted)',
        b: 'queued refused(TOTAL_TIMEOUT) settled(refused)',
      },
    },
  },
  {
    name: 'a wait that the total time does not cover is refused when it would begin',
    heldMs: 60_000,
    server: [],
    calls: { a: { pace: { totalMs: 500 } } },
    expected: {
      ends: { a: 'refused TOTAL_TIMEOUT' },
      arrivals: '',
      log: { a: 'refused(TOTAL_TIMEOUT) settled(refused)', host: 'held(manual)' },
    },
  },
  {
    name: 'a backoff that the total time does not cover does not begin, and the response is there to be read',
    policy: { retry: { backoff: { delayMs: () => 60_000 } } },
    server: [503],
    calls: { a: { pace: { totalMs: 10_000 } } },
    expected: { ends: { a: '503, answer 1' }, arrivals: 'a', log: { a: 'sent 503 settled(out-of-time)' } },
  },
  {
    name: 'the total time ends a call that has waited long enough between two attempts',
    over: 'msw',
    policy: { concurrency: 1, retry: { backoff: { delayMs: () => 400 } } },
    server: [503, 'hang'],
    calls: {
      a: { pace: { totalMs: 500 } },
      b: { pace: { attemptMs: 1_000, maxRetries: 0 }, when: { call: 'a', is: 'backoff' } },
    },
    expected: {
      ends: { a: 'refused TOTAL_TIMEOUT', b: 'refused ATTEMPT_TIMEOUT' },
      arrivals: 'a b',
      log: {
        a: 'sent 503 retry(status) queued refused(TOTAL_TIMEOUT) settled(refused)',
        b: 'sent failed settled(retries-exhausted)',
      },
    },
  },
  {
    name: "the client's own time limit is an attempt's, without the wait in the queue",
    over: 'sockets',
    needsOwnTimeout: true,
    heldMs: 900,
    server: ['hang', 200],
    calls: { a: { timeoutMs: 800 } },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'queued sent failed retry(timeout) sent 200 settled(done)', host: 'held(manual)' },
    },
  },
];
