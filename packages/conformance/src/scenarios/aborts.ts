import type { Scenario } from '../scenario.ts';

/** The caller's abort ends a call wherever it is, with the caller's own reason. */
export const ABORTS: readonly Scenario[] = [
  {
    name: 'an abort before the call',
    server: [],
    calls: { a: { abortIn: 'start' } },
    expected: { ends: { a: 'aborted' }, arrivals: '', log: { a: 'settled(aborted)' } },
    otherwise: {
      where: { asksEngineAfterAbort: false },
      because: 'The client looks at the signal itself before it sends, so the engine never hears of the call.',
      expected: { ends: { a: 'aborted, without the reason' }, arrivals: '', log: {} },
    },
  },
  {
    name: 'an abort in the queue',
    heldMs: 60_000,
    server: [],
    calls: { a: { abortIn: 'queue' } },
    expected: { ends: { a: 'aborted' }, arrivals: '', log: { a: 'queued settled(aborted)', host: 'held(manual)' } },
  },
  {
    name: 'an abort in the backoff',
    policy: { retry: { backoff: { delayMs: () => 60_000 } } },
    server: [503],
    calls: { a: { abortIn: 'backoff' } },
    expected: { ends: { a: 'aborted' }, arrivals: 'a', log: { a: 'sent 503 retry(status) settled(aborted)' } },
  },
  {
    name: 'an abort in flight, which frees the slot for the next',
    policy: { concurrency: 1 },
    server: ['hang', 200],
    calls: { a: { abortIn: 'flight' }, b: {} },
    expected: {
      ends: { a: 'aborted', b: '200, answer 2' },
      arrivals: 'a b',
      log: { a: 'sent settled(aborted)', b: 'queued sent 200 settled(done)' },
    },
  },
  {
    name: 'an abort in flight, where a timeout might come as well',
    server: ['hang'],
    calls: { a: { method: 'POST', pace: { attemptMs: 60_000, totalMs: 60_000 }, abortIn: 'flight' } },
    expected: { ends: { a: 'aborted' }, arrivals: 'a', log: { a: 'sent settled(aborted)' } },
  },
  {
    name: 'an abort in the second attempt',
    server: [503, 'hang'],
    calls: { a: { abortIn: 'flight' } },
    expected: { ends: { a: 'aborted' }, arrivals: 'a a', log: { a: 'sent 503 retry(status) sent settled(aborted)' } },
  },
];
