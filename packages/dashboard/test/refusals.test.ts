import { createConnection } from 'node:net';
import { createPaceline, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { serveDashboard } from '../src/serve-dashboard.ts';
import { type Answer, ask, post } from './ask.ts';
import { HOST, worldOf } from './world.ts';

const TOKEN = 'correct-horse-battery';

/** A 4xx that says why. */
function expectRefused({ status, text }: Answer, expected: number, why: string | RegExp): void {
  expect({ status, error: (JSON.parse(text) as { error: string }).error }).toEqual({
    status: expected,
    error: typeof why === 'string' ? why : expect.stringMatching(why),
  });
}

describe('options', () => {
  const pace = createPaceline();

  test.each(['0.0.0.0', '::', '192.0.2.1', 'example.com', '128.0.0.1'])('%s needs a token', async (host) => {
    await expect(serveDashboard(pace, { host })).rejects.toThrow(
      new TypeError(`token: needed to listen at ${host}, which others can reach`),
    );
  });

  test.each(['short', 'has a space in its middle', ''])('%j is no token', async (token) => {
    await expect(serveDashboard(pace, { token })).rejects.toThrow(RangeError);
  });

  test('a port that is taken is told', async () => {
    const { dashboard } = await worldOf();
    const port = Number(new URL(dashboard.url).port);
    await expect(serveDashboard(pace, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('any other address works with a token', async () => {
    const { dashboard } = await worldOf({}, { host: '0.0.0.0', token: TOKEN });
    const port = new URL(dashboard.url).port;
    const url = `http://127.0.0.1:${port}/snapshot.json`;
    expectRefused(await ask(url), 401, /a token is needed/);
    expect((await ask(url, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });
});

describe('who may ask', () => {
  test.each(['/events', '/snapshot.json', '/metrics', '/tune', '/hold', '/release', '/undo'])(
    '%s: nobody without the token',
    async (path) => {
      const { dashboard } = await worldOf({}, { token: TOKEN });
      const url = new URL(path, dashboard.url).href;
      expectRefused(await ask(url), 401, /a token is needed/);
      expectRefused(await ask(url, { headers: { authorization: 'Bearer wrong' } }), 401, 'wrong token');
      expectRefused(await ask(url, { headers: { authorization: `Bearer ${TOKEN}x` } }), 401, 'wrong token');
      expectRefused(await ask(`${url}?token=${TOKEN}`), 401, /a token is needed/);
    },
  );

  test.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'nobody under the name %s, which may have been rebound',
    async (host) => {
      const { dashboard } = await worldOf();
      expectRefused(
        await ask(`${dashboard.url}snapshot.json`, { headers: { host } }),
        403,
        /not served under the name/,
      );
      expectRefused(await post(`${dashboard.url}release`, { host: HOST }, { host }), 403, /not served under the name/);
    },
  );

  test.each(['localhost', 'localhost:9000', '127.0.0.1:9000', '[::1]:9000', 'pace.internal'])(
    'whoever knows it as %s',
    async (host) => {
      const { dashboard } = await worldOf({}, { allowedHosts: ['pace.internal'] });
      expect((await ask(dashboard.url, { headers: { host } })).status).toBe(200);
    },
  );

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'http://127.0.0.1'])(
    'no page of the origin %s',
    async (origin) => {
      const { pace, dashboard } = await worldOf();
      const before = pace.policyOf(HOST);
      const settings = { concurrency: 1 };
      expectRefused(await post(`${dashboard.url}tune`, { host: HOST, settings }, { origin }), 403, /another origin/);
      expectRefused(await ask(`${dashboard.url}snapshot.json`, { headers: { origin } }), 403, /another origin/);
      expect(pace.policyOf(HOST)).toBe(before);
    },
  );

  test('its own page, also behind TLS', async () => {
    const { dashboard } = await worldOf();
    const { host } = new URL(dashboard.url);
    for (const origin of [`http://${host}`, `https://${host}`]) {
      expect((await post(`${dashboard.url}release`, { host: HOST }, { origin })).status).toBe(200);
    }
  });

  test('no other site, except for its links', async () => {
    const { dashboard } = await worldOf();
    const site = { 'sec-fetch-site': 'cross-site' };
    expectRefused(
      await ask(`${dashboard.url}metrics`, { headers: { ...site, 'sec-fetch-mode': 'no-cors' } }),
      403,
      /site/,
    );
    expect((await ask(dashboard.url, { headers: { ...site, 'sec-fetch-mode': 'navigate' } })).status).toBe(200);
  });

  test('a preflight gets no leave', async () => {
    const { dashboard } = await worldOf();
    const answer = await ask(`${dashboard.url}tune`, { method: 'OPTIONS', headers: { origin: 'http://evil.example' } });
    expectRefused(answer, 403, /another origin/);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what is refused changes nothing', () => {
  const RATE = perSecond(10);

  async function refusedBy(path: string, send: (url: string) => Promise<Answer>): Promise<Answer> {
    const { pace, dashboard } = await worldOf({ hosts: { [HOST]: { rate: RATE } } });
    const before = pace.policyOf(HOST);
    const answer = await send(`${dashboard.url}${path}`);
    expect(pace.policyOf(HOST)).toBe(before);
    const { lanes } = pace.snapshot();
    expect(lanes.map(({ host, holdMs }) => [host, holdMs])).toEqual([[HOST, 0]]);
    return answer;
  }

  test('a huge body', async () => {
    const body = { host: HOST, settings: { concurrency: 1 }, padding: 'x'.repeat(20_000) };
    expectRefused(await refusedBy('tune', (url) => post(url, body)), 413, /at most 16384 bytes/);
  });

  test('a huge body that does not say so', async () => {
    const send = (url: string): Promise<Answer> =>
      ask(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        body: `{"host":"${HOST}","padding":"${'x'.repeat(20_000)}"}`,
      });
    expectRefused(await refusedBy('tune', send), 413, /at most 16384 bytes/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'a body of type %j, which a form of any page could send',
    async (type) => {
      const send = (url: string): Promise<Answer> => post(url, { host: HOST, ms: 1000 }, { 'content-type': type });
      expectRefused(await refusedBy('hold', send), 415, /application\/json/);
    },
  );

  test.each(['{"host":', 'null', '[]', '"text"', ''])('the body %j', async (body) => {
    const headers = { 'content-type': 'application/json' };
    expectRefused(await refusedBy('hold', (url) => ask(url, { method: 'POST', headers, body })), 400, /JSON/);
  });

  test.each([
    ['tune', { host: 'unknown.example', settings: { concurrency: 1 } }, 404, "no host 'unknown.example'"],
    ['tune', { settings: { concurrency: 1 } }, 400, /^host: expected/],
    ['tune', { host: HOST }, 400, /^settings: expected an object/],
    ['tune', { host: HOST, settings: {} }, 400, /^settings: expected some of/],
    ['tune', { host: HOST, settings: { timeouts: { totalMs: 1 } } }, 400, /^settings.timeouts: cannot be changed here/],
    ['tune', { host: HOST, settings: { retry: { when: 'x' } } }, 400, /^settings.retry.when: cannot be changed here/],
    ['tune', { host: HOST, settings: { concurrency: 0 } }, 400, /concurrency: expected a whole number from 1.*got 0$/],
    ['tune', { host: HOST, settings: { concurrency: 'many' } }, 400, /concurrency: expected a whole number/],
    ['tune', { host: HOST, settings: { rate: [{ limit: -1, perMs: 1000 }] } }, 400, /rate\[0\].limit: expected/],
    ['tune', { host: HOST, settings: { rate: 5 } }, 400, /rate: expected a rate/],
    ['tune', { host: HOST, settings: { rate: [{ limit: 1, perMs: 1000, burst: 0 }] } }, 400, /burst: expected/],
    ['tune', { host: HOST, settings: { retry: { maxRetries: 1.5 } } }, 400, /maxRetries: expected a whole number/],
    ['tune', { host: HOST, settings: { retry: true } }, 400, /retry: expected false or an object/],
    ['tune', { host: HOST, settings: { budget: { ratio: -1 } } }, 400, /ratio: expected a number from 0/],
    ['tune', { host: HOST, settings: { __proto__: null, constructor: 1 } }, 400, /settings.constructor/],
    ['hold', { host: 'unknown.example', ms: 1000 }, 404, "no host 'unknown.example'"],
    ['hold', { host: HOST, ms: -1 }, 400, /^ms: expected/],
    ['hold', { host: HOST, ms: 1e12 }, 400, /^ms: expected/],
    ['hold', { host: HOST }, 400, /^ms: expected/],
    ['release', { host: 'unknown.example' }, 404, "no host 'unknown.example'"],
    ['undo', { id: 1 }, 409, /cannot be undone/],
    ['undo', { id: 'first' }, 400, /^id: expected/],
  ])('%s %j', async (path, body, status, why) => {
    expectRefused(await refusedBy(path, (url) => post(url, body)), status, why);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s where POST is meant', async (method) => {
    const answer = await refusedBy('tune', (url) => ask(url, { method }));
    expectRefused(answer, 405, 'expected POST');
    expect(answer.headers.allow).toBe('POST');
  });

  test.each(['', 'snapshot.json', 'metrics', 'events'])('POST to %j, which is only read', async (path) => {
    expectRefused(await refusedBy(path, (url) => post(url, {})), 405, /^expected GET/);
  });

  test.each(['nothing', 'page/../../package.json', '%2e%2e/package.json', 'page/', 'constructor', 'index.html'])(
    'the path %s',
    async (path) => {
      expectRefused(await refusedBy('', (url) => rawAsk(url, `/${path}`)), 404, /nothing here/);
    },
  );

  test('anything, where tuning is off', async () => {
    const { pace, dashboard } = await worldOf({}, { tune: false });
    const before = pace.policyOf(HOST);
    for (const [path, body] of [
      ['tune', { host: HOST, settings: { concurrency: 1 } }],
      ['hold', { host: HOST, ms: 1000 }],
      ['release', { host: HOST }],
      ['undo', { id: 1 }],
    ] as const) {
      expectRefused(await post(`${dashboard.url}${path}`, body), 403, /tuning is off/);
    }
    expect(pace.policyOf(HOST)).toBe(before);
    expect(pace.snapshot().lanes[0]?.holdMs).toBe(0);
  });

  test('a body that takes too long', async () => {
    const { dashboard } = await worldOf();
    const head = `POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`;
    expect(await spoken(dashboard.url, head)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  }, 15_000);
});

/** A path as it stands, which URL would tidy up. */
async function rawAsk(url: string, path: string): Promise<Answer> {
  const text = await spoken(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const [head = '', ...body] = text.split('\r\n\r\n');
  const json = /\{.*\}/s.exec(body.join(''))?.[0] ?? '{}';
  return { status: Number(head.split(' ')[1]), headers: {}, text: json };
}

/** What comes back to some bytes until the server closes the connection. */
function spoken(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
    socket.write(bytes);
  });
}
