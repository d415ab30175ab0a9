import { isPacelineError, settlementOf } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { eager } from '../test/engines.ts';
import { deadUrl, serve, serveSockets, status } from '../test/loopback.ts';
import { paceFetch } from './pace-fetch.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine';

describe('a connection that breaks', () => {
  test('before any answer: the request is sent again if that does no harm', async () => {
    const server = await serveSockets(
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end(OK),
    );
    const response = await paceFetch(eager().pace)(server.url);
    expect(await response.text()).toBe('fine');
    expect(server.connections).toBe(2);
  });

  test('before any answer to a POST: it may have been processed, so it is not sent again', async () => {
    const server = await serveSockets((socket) => socket.resetAndDestroy());
    const error = await paceFetch(eager().pace)(server.url, { method: 'POST', body: 'x' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(settlementOf(error)?.reason).toBe('not-idempotent');
    expect(server.connections).toBe(1);
  });

  test('in the middle of the headers: the request is sent again', async () => {
    const server = await serveSockets(
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
      (socket) => socket.end(OK),
    );
    const response = await paceFetch(eager().pace)(server.url);
    expect(await response.text()).toBe('fine');
    expect(server.connections).toBe(2);
  });

  test('in the middle of the body: the caller has the answer already and sees its reading fail', async () => {
    const server = await serveSockets((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfine'));
    const { pace, reason } = eager();
    const response = await paceFetch(pace)(server.url);
    await expect(response.text()).rejects.toThrow('terminated');
    expect([server.connections, reason()]).toEqual([1, 'done']);
  });
});

describe('a host that is not there', () => {
  test('even a POST is tried again, for nothing was sent', async () => {
    const { pace, events } = eager();
    const error = await paceFetch(pace)(await deadUrl(), { method: 'POST', body: 'x' }).catch((thrown) => thrown);
    expect(error.cause.code).toBe('ECONNREFUSED');
    expect(events.flatMap((event) => (event.type === 'retry' ? event.reason : []))).toEqual(
      Array(3).fill('never-sent'),
    );
  });

  test('a POST that was answered by a redirect to it is not tried again', async () => {
    const server = await serve(status(303, { location: await deadUrl() }));
    const error = await paceFetch(eager().pace)(server.url, { method: 'POST', body: 'x' }).catch((thrown) => thrown);
    expect(error.cause.code).toBe('ECONNREFUSED');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a host that hangs', () => {
  test('an attempt that takes too long is aborted, and the next one may be luckier', async () => {
    const server = await serve(() => {}, status(200));
    const response = await paceFetch(eager().pace)(server.url, { pace: { attemptMs: 500 } });
    expect(response.status).toBe(200);
    expect(server.requests).toHaveLength(2);
    await expect.poll(() => server.requests[0]?.socket.destroyed).toBe(true);
  });

  test('each attempt has a time of its own, and the last one’s end is an ATTEMPT_TIMEOUT', async () => {
    const server = await serve(() => {});
    const fetch = paceFetch(eager().pace);
    const error = await fetch(server.url, { pace: { attemptMs: 150, maxRetries: 2 } }).catch((thrown) => thrown);
    expect(isPacelineError(error, 'ATTEMPT_TIMEOUT')).toBe(true);
    expect(server.requests).toHaveLength(3);
  });

  test('the body’s reading is not the attempt’s time', async () => {
    const server = await serve((_request, response) => {
      response.write('slow');
      setTimeout(() => response.end('ly'), 400);
    });
    const response = await paceFetch(eager().pace)(server.url, { pace: { attemptMs: 300 } });
    expect(await response.text()).toBe('slowly');
  });
});

describe('dropped answers', () => {
  const errorPage = (size: number) => status(503, {}, 'x'.repeat(size));

  test.each([0, 100, 60_000])('of %i bytes give their connection back for the next attempt', async (size) => {
    const server = await serve(...Array(5).fill(errorPage(size)), status(200));
    const { pace } = eager({ retry: { maxRetries: 5, backoff: { delayMs: () => 60 } } });
    expect((await paceFetch(pace)(server.url)).status).toBe(200);
    expect([server.requests.length, server.connections]).toEqual([6, 1]);
  });

  test('that come in pieces do so as well', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(503).write('first');
      setTimeout(() => response.end('last'), 10);
    }, status(200));
    const { pace } = eager({ retry: { backoff: { delayMs: () => 60 } } });
    await paceFetch(pace)(server.url);
    expect(server.connections).toBe(1);
  });

  test.each<[string, (write: (chunk: string) => void) => void]>([
    ['without an end', () => {}],
    ['of any length', (write) => write('x'.repeat(1_000_000))],
  ])('%s are cut off', async (_kind, write) => {
    const server = await serve((_request, response) => {
      response.writeHead(503).write('first');
      write((chunk) => response.write(chunk));
    }, status(200));
    expect((await paceFetch(eager().pace)(server.url)).status).toBe(200);
    await expect.poll(() => server.requests[0]?.socket.destroyed).toBe(true);
  });
});

test('mistakes cost one attempt and count for nothing', async () => {
  const server = await serve(status(200));
  const { pace, events } = eager();
  await expect(paceFetch(pace)(server.url, { headers: { 'a b': '1' } })).rejects.toThrow(TypeError);
  expect(events.filter((event) => event.type === 'attempt')).toHaveLength(1);
  expect(server.requests).toHaveLength(0);
});
