import type { Scenario } from '../scenario.ts';

/** What becomes of statuses: which are tried again, for whom, and how often. */
export const ANSWERS: readonly Scenario[] = [
  {
    name: 'a good answer is the end',
    server: [200],
    calls: { a: {} },
    expected: { ends: { a: '200, answer 1' }, arrivals: 'a', log: { a: 'sent 200 settled(done)' } },
  },
  {
    name: '503 twice, then 200',
    server: [503, 503, 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 3' },
      arrivals: 'a a a',
      log: { a: 'sent 503 retry(status) sent 503 retry(status) sent 200 settled(done)' },
      apartMs: [20, 20],
    },
  },
  {
    name: 'a status that nothing can be done about is the end',
    server: [404],
    calls: { a: {} },
    expected: { ends: { a: '404, answer 1' }, arrivals: 'a', log: { a: 'sent 404 settled(done)' } },
  },
  {
    name: 'when the retries are used up, the last response is there to be read',
    server: [503, 502, 500, 504],
    calls: { a: {} },
    expected: {
      ends: { a: '504, answer 4' },
      arrivals: 'a a a a',
      log: {
        a: 'sent 503 retry(status) sent 502 retry(status) sent 500 retry(status) sent 504 settled(retries-exhausted)',
      },
    },
  },
  {
    name: 'when the retries are used up, the caller gets what its fallback makes',
    server: [503, 503],
    calls: { a: { pace: { maxRetries: 1 }, fallsBackTo: 'answer 0' } },
    expected: {
      ends: { a: '200, answer 0' },
      arrivals: 'a a',
      log: { a: 'sent 503 retry(status) sent 503 settled(retries-exhausted) fallback(retries-exhausted)' },
    },
  },
  {
    name: 'a call may ask for fewer retries',
    server: [503, 503],
    calls: { a: { pace: { maxRetries: 1 } } },
    expected: {
      ends: { a: '503, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 503 retry(status) sent 503 settled(retries-exhausted)' },
    },
  },
  {
    name: 'a host without retries gets every call once',
    policy: { retry: false },
    server: [503],
    calls: { a: {} },
    expected: { ends: { a: '503, answer 1' }, arrivals: 'a', log: { a: 'sent 503 settled(done)' } },
  },
  {
    name: 'a retry that the budget does not pay for is none, and the response is there to be read',
    policy: { budget: { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 } },
    server: [503, 503],
    calls: { a: {} },
    expected: {
      ends: { a: '503, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 503 retry(status) sent 503 settled(budget-exhausted)' },
    },
  },
  {
    name: 'POST is sent once',
    server: [503],
    calls: { a: { method: 'POST', body: { kind: 'plain', value: 'once' } } },
    expected: {
      ends: { a: '503, answer 1' },
      arrivals: 'a',
      log: { a: 'sent 503 settled(not-idempotent)' },
      body: 'once',
    },
  },
  {
    name: 'POST with an Idempotency-Key is tried again, with the same key',
    server: [503, 503, 200],
    calls: {
      a: { method: 'POST', headers: { 'Idempotency-Key': 'order-7' }, body: { kind: 'plain', value: 'again' } },
    },
    expected: {
      ends: { a: '200, answer 3' },
      arrivals: 'a a a',
      log: { a: 'sent 503 retry(status) sent 503 retry(status) sent 200 settled(done)' },
      headers: { 'idempotency-key': 'order-7' },
      body: 'again',
    },
  },
  {
    name: "POST is tried again on the caller's word",
    server: [503, 200],
    calls: { a: { method: 'POST', pace: { idempotent: true } } },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 503 retry(status) sent 200 settled(done)' },
    },
  },
  {
    name: "PUT is sent once on the caller's word",
    server: [503],
    calls: { a: { method: 'PUT', pace: { idempotent: false } } },
    expected: { ends: { a: '503, answer 1' }, arrivals: 'a', log: { a: 'sent 503 settled(not-idempotent)' } },
  },
  {
    name: 'POST is tried again after a 429, which says that nothing was done',
    server: [429, 200],
    calls: { a: { method: 'POST', body: { kind: 'plain', value: 'again' } } },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 429 retry(throttled) sent 200 settled(done)' },
      body: 'again',
    },
  },
];
