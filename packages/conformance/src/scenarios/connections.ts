import type { Scenario } from '../scenario.ts';

const REFUSED = 'sent failed retry(never-sent) '.repeat(3).concat('sent failed settled(retries-exhausted)');

/** What becomes of connections that fail. */
export const CONNECTIONS: readonly Scenario[] = [
  {
    name: 'a connection that is refused is tried again',
    over: 'sockets',
    server: 'nobody',
    calls: { a: {} },
    expected: { ends: { a: 'network failure' }, arrivals: '', log: { a: REFUSED } },
  },
  {
    name: 'POST too is tried again where the connection is refused, for it was never sent',
    over: 'sockets',
    server: 'nobody',
    calls: { a: { method: 'POST', body: { kind: 'plain', value: 'unsent' } } },
    expected: { ends: { a: 'network failure' }, arrivals: '', log: { a: REFUSED } },
  },
  {
    name: 'a connection that is reset before the answer is tried again',
    server: ['reset', 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent failed retry(network) sent 200 settled(done)' },
    },
  },
  {
    name: "when the retries are used up, the last failure is the client's own",
    server: ['reset', 503, 'reset'],
    calls: { a: { pace: { maxRetries: 2 } } },
    expected: {
      ends: { a: 'network failure' },
      arrivals: 'a a a',
      log: { a: 'sent failed retry(network) sent 503 retry(status) sent failed settled(retries-exhausted)' },
    },
  },
  {
    name: 'POST is not tried again after a reset, for it may have been processed',
    server: ['reset'],
    calls: { a: { method: 'POST', body: { kind: 'plain', value: 'once' } } },
    expected: {
      ends: { a: 'network failure' },
      arrivals: 'a',
      log: { a: 'sent failed settled(not-idempotent)' },
      body: 'once',
    },
  },
  {
    name: 'a connection that breaks in the middle of the headers is tried again',
    over: 'sockets',
    server: ['reset in the headers', 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, answer 2' },
      arrivals: 'a a',
      log: { a: 'sent failed retry(network) sent 200 settled(done)' },
    },
  },
  {
    name: 'a connection that breaks in the middle of the body',
    server: [{ status: 200, isCut: true }, 200],
    calls: { a: {} },
    expected: {
      ends: { a: '200, broken off' },
      arrivals: 'a',
      log: { a: 'sent 200 settled(done)' },
    },
    otherwise: {
      where: { attemptEnds: 'with the body' },
      because: 'The response has not been handed over yet, so nobody sees that it came twice.',
      expected: {
        ends: { a: '200, answer 2' },
        arrivals: 'a a',
        log: { a: 'sent failed retry(network) sent 200 settled(done)' },
      },
    },
  },
];
