import ky, { type KyInstance, type Options } from 'ky';
import { describe, expect, test, vi } from 'vitest';
import { type Eager, eager } from '../../fetch/test/engines.ts';
import { type Loopback, serve, status } from '../../fetch/test/loopback.ts';
import { paceKy } from './pace-ky.ts';

const bytes = new TextEncoder().encode('again');
const stream = (): ReadableStream => new Blob(['again']).stream();

function form(): FormData {
  const data = new FormData();
  data.append('word', 'again');
  return data;
}

/** A server that is unavailable once, and a ky that tries again. */
async function setUp(options: Options = {}): Promise<{ server: Loopback; engine: Eager; api: KyInstance }> {
  const engine = eager();
  const api = ky.create(options).extend({ hooks: { init: [paceKy(engine.pace)] } });
  return { server: await serve(status(503), status(200)), engine, api };
}

/** A hook that might put another request in the place of ky's own, so that only a copy is safe. */
const hooked: Options = { hooks: { beforeRequest: [({ request }) => request.headers.set('x-hook', '1')] } };

describe.each<[string, Options]>([
  ['without hooks', {}],
  ['with a hook that may replace the request', hooked],
])('%s, the second attempt sends the same as the first:', (_kind, options) => {
  test.each<[string, Options]>([
    ['json', { json: { word: 'again' } }],
    ['json in the user’s own way', { json: { word: 'again' }, stringifyJson: () => '"my own"' }],
    ['a string', { body: 'again' }],
    ['bytes', { body: bytes }],
    ['a Blob', { body: new Blob(['again']) }],
    ['URLSearchParams', { body: new URLSearchParams({ word: 'again' }) }],
  ])('%s', async (_body, body) => {
    const { server, api } = await setUp(options);
    expect((await api.put(server.url, body)).status).toBe(200);
    expect(server.bodies).toHaveLength(2);
    expect(server.bodies[0]).not.toBe('');
    expect(server.bodies[1]).toBe(server.bodies[0]);
    const [first, second] = server.requests.map(({ headers }) => [headers['content-length'], headers['content-type']]);
    expect(first?.[0]).toBeDefined();
    expect(second).toEqual(first);
  });

  test('a form, with the boundary that its header names', async () => {
    const { server, api } = await setUp(options);
    expect((await api.put(server.url, { body: form() })).status).toBe(200);
    server.bodies.forEach((body, index) => {
      const boundary = server.requests[index]?.headers['content-type']?.split('boundary=')[1];
      expect(body.startsWith(`--${boundary}`)).toBe(true);
      expect(body).toContain('again');
    });
  });

  test('a Request’s own body', async () => {
    const { server, api } = await setUp(options);
    await api(new Request(server.url, { method: 'PUT', body: 'again' }));
    expect(server.bodies).toEqual(['again', 'again']);
  });

  test('but not a stream, which goes once', async () => {
    const { server, engine, api } = await setUp({ ...options, throwHttpErrors: false });
    expect((await api.put(server.url, { body: stream() })).status).toBe(503);
    expect([server.bodies, engine.reason()]).toEqual([['again'], 'not-replayable']);
  });
});

test('a body that a hook puts in the place of the user’s is the one that is sent again', async () => {
  const { server, api } = await setUp({
    hooks: { beforeRequest: [({ request }) => new Request(request.url, { method: 'PUT', body: 'signed' })] },
  });
  await api.put(server.url, { json: { word: 'again' } });
  expect(server.bodies).toEqual(['signed', 'signed']);
});

test('json is made into text once, so a later change of the object does not reach the wire', async () => {
  const { server, engine, api } = await setUp();
  const json = { word: 'again' };
  engine.pace.subscribe((event) => {
    if (event.type === 'retry') json.word = 'changed';
  });
  await api.put(server.url, { json });
  expect(server.bodies).toEqual(['{"word":"again"}', '{"word":"again"}']);
});

test('onUploadProgress tells of the first attempt; the next ones send the body itself', async () => {
  const { server, api } = await setUp();
  const onUploadProgress = vi.fn();
  expect((await api.put(server.url, { body: 'again', onUploadProgress })).status).toBe(200);
  expect(server.bodies).toEqual(['again', 'again']);
  expect(onUploadProgress.mock.lastCall?.[0]).toMatchObject({ percent: 1, transferredBytes: 5 });
});

test('with hooks, onUploadProgress makes a stream of the body, which goes once', async () => {
  const { server, engine, api } = await setUp({ ...hooked, throwHttpErrors: false });
  expect((await api.put(server.url, { body: 'again', onUploadProgress: () => {} })).status).toBe(503);
  expect([server.bodies, engine.reason()]).toEqual([['again'], 'not-replayable']);
});
