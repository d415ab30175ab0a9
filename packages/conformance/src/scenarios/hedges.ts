import type { HostPolicy } from '@paceline/core';
import type { Scenario } from '../scenario.ts';

const HEDGED: HostPolicy = { hedge: { afterMs: 200, ratio: 1 } };

/** A second attempt beside a slow one. */
export const HEDGES: readonly Scenario[] = [
  {
    name: 'a hedge answers in the place of an attempt that hangs',
    policy: HEDGED,
    server: ['hang', 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent attempt cancelled 200 settled(done)' },
      apartMs: [200],
    },
  },
  {
    name: 'a hedge has the same body',
    policy: HEDGED,
    server: ['hang', 200],
    calls: { a: { method: 'PUT', body: { kind: 'plain', value: 'both' } } },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent attempt cancelled 200 settled(done)' },
      body: 'both',
    },
  },
  {
    name: 'a hedge that fails leaves the call to its first attempt',
    // The play would wait for ever: it looks at the latest request only, and the one before it is what hangs.
    over: 'sockets',
    policy: { ...HEDGED, timeouts: { attemptMs: 1_000 }, retry: { maxRetries: 1 } },
    server: ['hang', 503, 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 3' },
      arrivals: 'a a a',
      log: { a: 'sent attempt 503 failed retry(timeout) sent 200 settled(done)' },
      apartMs: [200],
    },
  },
];
