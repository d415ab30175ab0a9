import { perSecond } from '@paceline/core';
import type { Scenario } from '../scenario.ts';

const SENT = 'sent 200 settled(done)';
const WAITED = `queued ${SENT}`;

/** All clients on one engine: a call is made by the client that its name begins with. */
export const SHARING: readonly Scenario[] = [
  {
    name: 'the server sees one rate, and calls in the order in which they were made',
    policy: { rate: perSecond(10), burst: 1 },
    server: [200, 200, 200, 200, 200, 200, 200, 200],
    calls: { ky: {}, fetch: {}, axios: {}, 'axios-fetch': {}, 'axios-2': {}, 'ky-2': {}, 'fetch-2': {}, 'ky-3': {} },
    expected: {
      ends: {
        ky: '200, answer 1',
        fetch: '200, answer 2',
        axios: '200, answer 3',
        'axios-fetch': '200, answer 4',
        'axios-2': '200, answer 5',
        'ky-2': '200, answer 6',
        'fetch-2': '200, answer 7',
        'ky-3': '200, answer 8',
      },
      arrivals: 'ky fetch axios axios-fetch axios-2 ky-2 fetch-2 ky-3',
      log: {
        ky: SENT,
        fetch: WAITED,
        axios: WAITED,
        'axios-fetch': WAITED,
        'axios-2': WAITED,
        'ky-2': WAITED,
        'fetch-2': WAITED,
        'ky-3': WAITED,
      },
      apartMs: [100, 100, 100, 100, 100, 100, 100],
    },
  },
  {
    name: 'the server sees one line, in which a higher priority goes first whatever client it comes from',
    policy: { concurrency: 1 },
    heldMs: 1_000,
    server: [200, 200, 200, 200],
    calls: { ky: {}, axios: {}, fetch: { pace: { priority: 1 } }, 'axios-fetch': { pace: { priority: 2 } } },
    expected: {
      ends: { ky: '200, answer 3', axios: '200, answer 4', fetch: '200, answer 2', 'axios-fetch': '200, answer 1' },
      arrivals: 'axios-fetch fetch ky axios',
      log: { ky: WAITED, axios: WAITED, fetch: WAITED, 'axios-fetch': WAITED, host: 'held(manual)' },
    },
  },
  {
    name: 'an answer of 429 to ky holds axios and fetch',
    policy: { concurrency: 1 },
    server: [{ status: 429, headers: { 'Retry-After': '5' } }, 200, 200, 200, 200],
    calls: { ky: {}, axios: { when: { call: 'ky', is: 'queue' } }, fetch: {}, 'axios-fetch': {} },
    expected: {
      ends: { ky: '200, answer 2', axios: '200, answer 3', fetch: '200, answer 4', 'axios-fetch': '200, answer 5' },
      arrivals: 'ky ky axios fetch axios-fetch',
      log: {
        ky: 'sent 429 retry(throttled) queued sent 200 settled(done)',
        axios: WAITED,
        fetch: WAITED,
        'axios-fetch': WAITED,
        host: 'held(retry-after)',
      },
      apartMs: [5_000],
    },
  },
  {
    name: 'a quota that fetch has used up holds axios and ky',
    server: [{ status: 200, headers: { RateLimit: '"default";r=0;t=5' } }, 200, 200],
    policy: { concurrency: 1 },
    calls: { fetch: {}, axios: { when: { call: 'fetch', is: 'over' } }, ky: {} },
    expected: {
      ends: { fetch: '200, answer 1', axios: '200, answer 2', ky: '200, answer 3' },
      arrivals: 'fetch axios ky',
      log: { fetch: SENT, axios: WAITED, ky: WAITED, host: 'held(rate-limit)' },
      apartMs: [5_000],
    },
  },
  {
    name: 'a retry that axios has paid for is missing in the budget of fetch and ky',
    policy: { budget: { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 } },
    server: [503, 200, 503, 503],
    calls: { axios: {}, fetch: { when: { call: 'axios', is: 'over' } }, ky: { when: { call: 'fetch', is: 'over' } } },
    expected: {
      ends: { axios: '200, answer 2', fetch: '503, answer 3', ky: '503, answer 4' },
      arrivals: 'axios axios fetch ky',
      log: {
        axios: 'sent 503 retry(status) sent 200 settled(done)',
        fetch: 'sent 503 settled(budget-exhausted)',
        ky: 'sent 503 settled(budget-exhausted)',
      },
    },
  },
  {
    name: 'a queue that axios and fetch have filled refuses ky',
    policy: { concurrency: 1, queue: { maxLength: 2 } },
    heldMs: 1_000,
    server: [200, 200],
    calls: { axios: {}, fetch: {}, ky: {} },
    expected: {
      ends: { axios: '200, answer 1', fetch: '200, answer 2', ky: 'refused QUEUE_FULL' },
      arrivals: 'axios fetch',
      log: { axios: WAITED, fetch: WAITED, ky: 'refused(QUEUE_FULL) settled(refused)', host: 'held(manual)' },
    },
  },
  {
    name: 'close ends the calls of all',
    heldMs: 60_000,
    server: [],
    calls: { axios: {}, fetch: {}, 'axios-fetch': {}, ky: {} },
    closeWhen: { call: 'ky', is: 'queue' },
    expected: {
      ends: {
        axios: 'refused CLOSED',
        fetch: 'refused CLOSED',
        'axios-fetch': 'refused CLOSED',
        ky: 'refused CLOSED',
      },
      arrivals: '',
      log: {
        axios: 'queued refused(CLOSED) settled(refused)',
        fetch: 'queued refused(CLOSED) settled(refused)',
        'axios-fetch': 'queued refused(CLOSED) settled(refused)',
        ky: 'queued refused(CLOSED) settled(refused)',
        host: 'held(manual)',
      },
    },
  },
];
