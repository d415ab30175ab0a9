import type { Scenario } from '../scenario.ts';

/** What the end of the engine means for its calls. */
export const CLOSING: readonly Scenario[] = [
  {
    name: 'close ends those who wait, refuses newcomers, and lets an attempt in flight come to its end',
    over: 'msw',
    policy: { concurrency: 1 },
    server: ['hang'],
    calls: { a: { pace: { attemptMs: 1_000 } }, b: {}, c: { when: { call: 'b', is: 'over' } } },
    closeWhen: { call: 'b', is: 'queue' },
    expected: {
      ends: { a: 'refused ATTEMPT_TIMEOUT', b: 'refused CLOSED', c: 'refused CLOSED' },
      arrivals: 'a',
      log: {
        a: 'sent failed settled(closing)',
        b: 'queued refused(CLOSED) settled(refused)',
        c: 'refused(CLOSED) settled(refused)',
      },
    },
  },
  {
    name: 'close ends a backoff',
    policy: { retry: { backoff: { delayMs: () => 60_000 } } },
    server: [503],
    calls: { a: {} },
    closeWhen: { call: 'a', is: 'backoff' },
    expected: {
      ends: { a: 'refused CLOSED' },
      arrivals: 'a',
      log: { a: 'sent 503 retry(status) refused(CLOSED) settled(refused)' },
    },
  },
];
