import { describe, expect, test } from 'vitest';
import { failed } from './failure.ts';

const URL_ = 'https://api.example.com/items';

interface Cause {
  code?: string;
  syscall?: string;
  port?: number;
  hostname?: string;
}

function nodeError(cause: Cause): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('why'), cause) });
}

function sentOf(error: unknown, isReplayable = true): string {
  return failed(error, URL_, undefined, isReplayable).sent;
}

describe('what was certainly not sent', () => {
  test.each<Cause>([
    { code: 'ECONNREFUSED', syscall: 'connect', port: 443 },
    { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'api.example.com' },
    { code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: 'api.example.com' },
    { code: 'EHOSTUNREACH', syscall: 'connect' },
    { code: 'ENETUNREACH', syscall: 'connect' },
    { code: 'ETIMEDOUT', syscall: 'connect' },
    { code: 'ECONNREFUSED' },
    { code: 'EHOSTUNREACH' },
    { code: 'UND_ERR_CONNECT_TIMEOUT' },
  ])('%o', (cause) => {
    expect(sentOf(nodeError(cause))).toBe('never');
  });

  test('all addresses of the host refused', () => {
    const refused = (syscall: string): Error =>
      Object.assign(new Error(), { code: 'ECONNREFUSED', syscall, port: 443 });
    const cause = new AggregateError([refused('connect'), refused('connect')]);
    expect(sentOf(new TypeError('fetch failed', { cause }))).toBe('never');
  });

  test('a code on the error itself, as other clients have it', () => {
    expect(sentOf(Object.assign(new Error('no route'), { code: 'ECONNREFUSED' }))).toBe('never');
  });
});

describe('what may have been sent', () => {
  test.each<Cause>([
    { code: 'ECONNRESET', syscall: 'read' },
    { code: 'EPIPE', syscall: 'write' },
    { code: 'EHOSTUNREACH', syscall: 'read' },
    { code: 'ETIMEDOUT', syscall: 'read' },
    { code: 'UND_ERR_SOCKET' },
    { code: 'UND_ERR_HEADERS_TIMEOUT' },
  ])('%o', (cause) => {
    expect(sentOf(nodeError(cause))).toBe('maybe');
  });

  test('one address of several took the connection', () => {
    const cause = new AggregateError([
      Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect' }),
      Object.assign(new Error(), { code: 'ECONNRESET', syscall: 'read' }),
    ]);
    expect(sentOf(new TypeError('fetch failed', { cause }))).toBe('maybe');
  });

  test('another host or port refused, after a redirect', () => {
    expect(sentOf(nodeError({ code: 'ECONNREFUSED', syscall: 'connect', port: 8080 }))).toBe('maybe');
    expect(sentOf(nodeError({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'internal' }))).toBe('maybe');
  });

  test('a list of no errors proves nothing', () => {
    expect(sentOf(new TypeError('fetch failed', { cause: new AggregateError([]) }))).toBe('maybe');
  });

  test('a browser gives no code', () => {
    expect(sentOf(new TypeError('Failed to fetch'))).toBe('maybe');
  });

  test('a stream that fetch was given, whatever the proof', () => {
    expect(sentOf(nodeError({ code: 'ECONNREFUSED', syscall: 'connect' }), false)).toBe('maybe');
  });

  test.each([null, undefined, 'text', 5])('thrown: %o', (thrown) => {
    expect(failed(thrown, URL_, undefined, true)).toEqual({
      kind: 'failed',
      error: thrown,
      sent: 'maybe',
      final: false,
    });
  });
});

describe('mistakes, which are never tried again', () => {
  const finalOf = (error: unknown, init?: RequestInit): boolean | undefined => failed(error, URL_, init, true).final;
  const thrown = (init: RequestInit): Promise<unknown> => fetch(URL_, init).catch((error: unknown) => error);

  test.each<RequestInit>([
    { headers: { 'a b': '1' } },
    { headers: { a: 'line\nbreak' } },
    { mode: 'navigate' },
    { redirect: 'maybe' as RequestRedirect },
    { method: 'CONNECT' },
  ])('arguments that fetch refuses: %o', async (init) => {
    expect(finalOf(await thrown(init), init)).toBe(true);
  });

  test('what undici decides by itself, without the host', () => {
    expect(finalOf(new TypeError('fetch failed', { cause: new Error('unexpected redirect') }))).toBe(true);
    expect(finalOf(nodeError({ code: 'UND_ERR_INVALID_ARG' }))).toBe(true);
    expect(finalOf(nodeError({ code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' }))).toBe(true);
  });

  test.each([
    'Failed to fetch',
    'Load failed',
    'NetworkError when attempting to fetch resource.',
    'network error',
    'Network connection lost',
    'error sending request for url (https://api.example.com/items)',
    'La connexion réseau a été perdue.',
  ])('but no failed connection is one, however it is worded: %s', (message) => {
    expect(finalOf(new TypeError(message), { method: 'POST', body: 'x', headers: { a: 'b' } })).toBe(false);
  });

  test('nor is one of Node’s with a code', () => {
    expect(finalOf(nodeError({ code: 'ECONNRESET', syscall: 'read' }))).toBe(false);
    expect(finalOf(new TypeError('fetch failed', { cause: new AggregateError([]) }))).toBe(false);
  });

  test('nor an abort that was not the caller’s', () => {
    expect(finalOf(new DOMException('timed out', 'TimeoutError'))).toBe(false);
  });
});
