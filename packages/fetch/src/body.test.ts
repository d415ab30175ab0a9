import { describe, expect, test } from 'vitest';
import { eager } from '../test/engines.ts';
import { serve, status } from '../test/loopback.ts';
import { isCopyable, isReplayable } from './body.ts';
import { paceFetch } from './pace-fetch.ts';

const bytes = new TextEncoder().encode('again');
const stream = (): ReadableStream => new Blob(['again']).stream();
async function* chunks(): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function form(): FormData {
  const data = new FormData();
  data.append('word', 'again');
  data.append('file', new Blob(['content']), 'name.txt');
  return data;
}

/** A server that is unavailable once, and a fetch that tries again. */
async function setUp() {
  const server = await serve(status(503), status(200));
  const engine = eager();
  return { server, engine, fetch: paceFetch(engine.pace) };
}

describe('bodies that the caller gave in init', () => {
  test.each([
    ['a string', 'again'],
    ['an empty string', ''],
    ['an ArrayBuffer', bytes.buffer],
    ['a view of bytes', bytes.subarray(1, 3)],
    ['a Blob', new Blob(['again'])],
    ['URLSearchParams', new URLSearchParams({ word: 'again' })],
  ])('%s is sent again byte for byte, with the same length and type', async (_kind, body) => {
    const { server, fetch } = await setUp();
    const response = await fetch(server.url, { method: 'PUT', body });
    expect(response.status).toBe(200);
    expect(server.bodies).toEqual(Array(2).fill(await new Response(body).text()));
    const [first, second] = server.requests.map(({ headers }) => [headers['content-length'], headers['content-type']]);
    expect(first?.[0]).toBeDefined();
    expect(second).toEqual(first);
  });

  test('a form is written anew, each time with the boundary that its header names', async () => {
    const { server, fetch } = await setUp();
    await fetch(server.url, { method: 'PUT', body: form() });
    const boundaries = server.requests.map(({ headers }) => headers['content-type']?.split('boundary=')[1]);
    expect(boundaries[0]).not.toBe(boundaries[1]);
    server.bodies.forEach((body, index) => {
      expect(body.startsWith(`--${boundaries[index]}`)).toBe(true);
      expect(body).toContain('again');
      expect(body).toContain('content');
    });
  });

  test.each([
    ['a ReadableStream', stream],
    ['an async iterable', chunks],
  ])('%s is sent once, and the event says why', async (_kind, body) => {
    const { server, engine, fetch } = await setUp();
    const init = { method: 'PUT', body: body() as BodyInit, duplex: 'half' } as const;
    expect((await fetch(server.url, init)).status).toBe(503);
    expect(server.bodies).toEqual(['again']);
    expect(engine.reason()).toBe('not-replayable');
  });

  test('the body in init takes the place of the Request’s own, for every attempt', async () => {
    const { server, fetch } = await setUp();
    await fetch(new Request(server.url, { method: 'PUT', body: 'old' }), { body: 'new' });
    expect(server.bodies).toEqual(['new', 'new']);
  });
});

describe('bodies inside a Request', () => {
  test.each([
    ['a string', 'again'],
    ['bytes', bytes],
    ['a Blob', new Blob(['again'])],
  ])('%s is sent again from a copy, with its length', async (_kind, body) => {
    const { server, fetch } = await setUp();
    const request = new Request(server.url, { method: 'PUT', body });
    expect((await fetch(request)).status).toBe(200);
    expect(server.bodies).toEqual(['again', 'again']);
    expect(server.requests.map(({ headers }) => headers['content-length'])).toEqual(['5', '5']);
    expect(request.bodyUsed).toBe(true);
  });

  test('a form is sent again with its boundary', async () => {
    const { server, fetch } = await setUp();
    await fetch(new Request(server.url, { method: 'PUT', body: form() }));
    expect(server.bodies[0]).toContain('again');
    expect(server.bodies[1]).toBe(server.bodies[0]);
  });

  test('a stream is sent once', async () => {
    const { server, engine, fetch } = await setUp();
    const init: RequestInit & { duplex: 'half' } = { method: 'PUT', body: stream(), duplex: 'half' };
    expect((await fetch(new Request(server.url, init))).status).toBe(503);
    expect([server.bodies, engine.reason()]).toEqual([['again'], 'not-replayable']);
  });

  test('a Request without a body is sent again as it is', async () => {
    const { server, fetch } = await setUp();
    const request = new Request(server.url, { headers: { 'x-mark': '1' } });
    expect((await fetch(request)).status).toBe(200);
    expect(server.requests.map(({ headers }) => headers['x-mark'])).toEqual(['1', '1']);
  });

  test('a Request in the place of init keeps its method, headers and body', async () => {
    const server = await serve(status(200));
    const fetch = paceFetch(eager({ timeouts: { attemptMs: 60_000 } }).pace);
    const init = new Request('http://elsewhere.invalid/', { method: 'PUT', body: 'once', headers: { 'x-mark': '1' } });
    await fetch(server.url, init);
    expect([server.requests[0]?.method, server.requests[0]?.headers['x-mark'], server.bodies[0]]).toEqual([
      'PUT',
      '1',
      'once',
    ]);
  });
});

test('no copy of a streamed body piles up: what the network has not asked for is not read', async () => {
  let pulled = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
  const request = new Request('http://127.0.0.1/', { method: 'PUT', body, duplex: 'half' } as RequestInit);
  expect(isCopyable(request)).toBe(false);
  await new Promise((resolve) => setImmediate(resolve));
  expect(pulled).toBeLessThan(4);
  const reader = request.body!.getReader();
  for (let chunk = 0; chunk < 10; chunk += 1) await reader.read();
  expect(pulled).toBeLessThan(16);
});

test('anything unknown counts as a stream', () => {
  expect(isReplayable({ pipe: () => {} })).toBe(false);
  expect(isReplayable(chunks())).toBe(false);
  expect(isReplayable(new Response('x').body)).toBe(false);
});
