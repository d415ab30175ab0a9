import type { Scenario, Step } from '../scenario.ts';

const askedFor = (status: number, headers: Readonly<Record<string, string>>): Step => ({ status, headers });

/** What the server's headers do. */
export const HINTS: readonly Scenario[] = [
  {
    name: '429 with Retry-After in seconds: nothing leaves before',
    server: [askedFor(429, { 'Retry-After': '1' }), 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 429 retry(throttled) queued sent 200 settled(done)', host: 'held(retry-after)' },
      apartMs: [1_000],
    },
  },
  {
    name: '503 with Retry-After in seconds',
    over: 'msw',
    server: [askedFor(503, { 'Retry-After': '30' }), 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 503 retry(status) queued sent 200 settled(done)', host: 'held(retry-after)' },
      apartMs: [30_000],
    },
  },
  {
    name: "429 with Retry-After as a date: measured from the server's own Date",
    over: 'msw',
    server: [
      askedFor(429, { Date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'Retry-After': 'Tue, 24 Nov 2026 12:00:10 GMT' }),
      200,
    ],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 429 retry(throttled) queued sent 200 settled(done)', host: 'held(retry-after)' },
      apartMs: [10_000],
    },
  },
  {
    name: 'an absurd Retry-After is not waited for, and the response is there to be read',
    server: [askedFor(429, { 'Retry-After': '86400' })],
    calls: { a: {} },
    expected: {
      ends: { a: '429, answer 1' },
      arrivals: 'a',
      log: { a: 'sent 429 settled(retry-after-too-long)', host: 'held(retry-after)' },
    },
  },
  {
    name: 'a Retry-After beyond the time of the call is not waited for either',
    server: [askedFor(429, { 'Retry-After': '20' })],
    calls: { a: { pace: { totalMs: 10_000 } } },
    expected: {
      ends: { a: '429, answer 1' },
      arrivals: 'a',
      log: { a: 'sent 429 settled(retry-after-too-long)', host: 'held(retry-after)' },
    },
  },
  {
    name: 'a garbled Retry-After says nothing',
    server: [askedFor(429, { 'Retry-After': 'soon' }), 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 429 retry(throttled) sent 200 settled(done)' },
      apartMs: [20],
    },
  },
  {
    name: 'Retry-After on another status is about that call only',
    over: 'msw',
    server: [askedFor(500, { 'Retry-After': '5' }), 200, 200],
    calls: { a: {}, b: { when: { call: 'a', is: 'backoff' } } },
    expected: {
      ends: { a: '200, answer 3', b: '200, answer 2' },
      arrivals: 'a b a',
      log: { a: 'sent 500 retry(status) sent 200 settled(done)', b: 'sent 200 settled(done)' },
      apartMs: [0, 5_000],
    },
  },
  {
    name: 'what one call is told holds the others',
    over: 'msw',
    policy: { concurrency: 1 },
    server: [askedFor(429, { 'Retry-After': '5' }), 200, 200],
    calls: { a: {}, b: { when: { call: 'a', is: 'queue' } } },
    expected: {
      ends: { a: '200, answer 2', b: '200, answer 3' },
      arrivals: 'a a b',
      log: {
        a: 'sent 429 retry(throttled) queued sent 200 settled(done)',
        b: 'queued sent 200 settled(done)',
        host: 'held(retry-after)',
      },
      apartMs: [5_000, 0],
    },
  },
  ...exhausted('RateLimit', { RateLimit: '"default";r=0;t=5' }),
  ...exhausted('RateLimit-Remaining', { 'RateLimit-Remaining': '0', 'RateLimit-Reset': '5' }),
  ...exhausted('X-RateLimit-Remaining', { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '5' }),
  {
    name: 'a RateLimit with something left changes nothing',
    server: [askedFor(200, { RateLimit: '"default";r=1;t=5' }), 200],
    calls: { a: {}, b: { when: { call: 'a', is: 'over' } } },
    expected: {
      ends: { a: '200, answer 1', b: '200, answer 2' },
      arrivals: 'a b',
      log: { a: 'sent 200 settled(done)', b: 'sent 200 settled(done)' },
    },
  },
  {
    name: 'a host whose headers are not believed is not held',
    policy: { hints: false },
    server: [askedFor(429, { 'Retry-After': '86400' }), 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent 429 retry(throttled) sent 200 settled(done)' },
    },
  },
];

/** A good answer that tells that it was the last for five seconds. */
function exhausted(name: string, headers: Readonly<Record<string, string>>): readonly Scenario[] {
  return [
    {
      name: `an exhausted ${name} holds the host until its reset`,
      over: 'msw',
      server: [askedFor(200, headers), 200],
      calls: { a: {}, b: { when: { call: 'a', is: 'over' } } },
      expected: {
        ends: { a: '200, answer 1', b: '200, answer 2' },
        arrivals: 'a b',
        log: { a: 'sent 200 settled(done)', b: 'queued sent 200 settled(done)', host: 'held(rate-limit)' },
        apartMs: [5_000],
      },
    },
  ];
}
