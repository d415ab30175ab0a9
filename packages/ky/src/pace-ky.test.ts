import { createPaceline, type HostPolicy, isPacelineError, settlementOf } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import { paceFetch } from '@paceline/fetch';
import ky, { type HTTPError, isHTTPError, isNetworkError, isTimeoutError, type KyInstance, type Options } from 'ky';
import { describe, expect, test, vi } from 'vitest';
import { type Eager, eager } from '../../fetch/test/engines.ts';
import { deadUrl, serve, serveSockets, status } from '../../fetch/test/loopback.ts';
import { paceKy } from './pace-ky.ts';

const ok = status(200, { 'content-type': 'application/json' }, '{"word":"fine"}');
const caught = (promise: Promise<unknown>): Promise<any> => promise.catch((error: unknown) => error);
const paced = ({ pace }: Eager, options: Options = {}): KyInstance =>
  ky.create(options).extend({ hooks: { init: [paceKy(pace)] } });

describe('results', () => {
  test('two failures and a success take three attempts, and the hooks run once', async () => {
    const server = await serve(status(503), status(503), ok);
    const beforeRequest = vi.fn();
    const afterResponse = vi.fn();
    const api = paced(eager(), { hooks: { beforeRequest: [beforeRequest], afterResponse: [afterResponse] } });
    expect(await api.get(server.url).json()).toEqual({ word: 'fine' });
    expect(server.requests).toHaveLength(3);
    expect([beforeRequest.mock.calls.length, afterResponse.mock.calls.length]).toEqual([1, 1]);
  });

  test('when retries are exhausted, the last answer is ky’s own HTTPError with its data', async () => {
    const engine = eager();
    const server = await serve(status(503, { 'content-type': 'application/json' }, '{"why":"maintenance"}'));
    const beforeError = vi.fn(({ error }: { error: Error }) => error);
    const error: HTTPError = await caught(paced(engine, { hooks: { beforeError: [beforeError] } }).get(server.url));
    expect(isHTTPError(error)).toBe(true);
    expect([error.response.status, error.data]).toEqual([503, { why: 'maintenance' }]);
    expect([server.requests.length, engine.reason()]).toEqual([4, 'retries-exhausted']);
    expect(beforeError).toHaveBeenCalledTimes(1);
  });

  test('a failed connection is ky’s own NetworkError, with fetch’s error in it', async () => {
    const error = await caught(paced(eager()).get(await deadUrl()));
    expect(isNetworkError(error)).toBe(true);
    expect(error.cause.cause.code).toBe('ECONNREFUSED');
  });

  test('what Paceline refuses is a PacelineError, which beforeError hooks see', async () => {
    const engine = eager();
    const beforeError = vi.fn(({ error }: { error: Error }) => error);
    const api = paced(engine, { hooks: { beforeError: [beforeError] } });
    engine.pace.hold('127.0.0.1:9', 60_000);
    const error = await caught(api.get('http://127.0.0.1:9/', { context: { pace: { maxWaitMs: 10 } } }));
    expect(isPacelineError(error, 'QUEUE_TIMEOUT')).toBe(true);
    expect(beforeError).toHaveBeenCalledTimes(1);
  });

  test.each<[Options['throwHttpErrors'], number | undefined]>([
    [true, undefined],
    [false, 503],
    [(code) => code !== 503, 503],
  ])('throwHttpErrors: %o decides only what the user sees in the end', async (throwHttpErrors, seen) => {
    const server = await serve(status(503));
    const result = await caught(paced(eager()).get(server.url, { throwHttpErrors: throwHttpErrors! }));
    expect(result.status).toBe(seen);
    expect(server.requests).toHaveLength(4);
  });

  test('a beforeRequest hook that answers itself takes no turn', async () => {
    const engine = eager();
    const api = paced(engine, { hooks: { beforeRequest: [() => new Response('from a cache')] } });
    expect(await api.get('http://a.example/').text()).toBe('from a cache');
    expect(engine.events).toEqual([]);
  });

  test('onDownloadProgress tells of the answer that the user gets, and of no other', async () => {
    const server = await serve(status(503, {}, 'out of order'), status(200, {}, 'fine'));
    const onDownloadProgress = vi.fn();
    expect(await paced(eager()).get(server.url, { onDownloadProgress }).text()).toBe('fine');
    expect(onDownloadProgress.mock.lastCall?.[0]).toMatchObject({ percent: 1, transferredBytes: 4 });
  });

  test('what became of a call is told by each of its errors', async () => {
    const server = await serve(status(503, {}, 'out of order'));
    const refused = await caught(paced(eager()).get(server.url));
    const failed = await caught(paced(eager()).post(await deadUrl(), { retry: 1 }));
    expect([settlementOf(refused)?.reason, settlementOf(failed)?.reason]).toEqual(Array(2).fill('retries-exhausted'));
  });

  test('an abort rejects with the user’s reason', async () => {
    const controller = new AbortController();
    const engine = eager();
    engine.pace.hold('127.0.0.1:9', 60_000);
    const call = caught(paced(engine).get('http://127.0.0.1:9/', { signal: controller.signal }));
    await vi.waitFor(() => expect(engine.pace.snapshot().lanes[0]?.queued).toBe(1));
    controller.abort('changed my mind');
    expect(await call).toBe('changed my mind');
    expect(engine.pace.snapshot().lanes[0]?.queued).toBe(0);
  });
});

describe('the URL', () => {
  test.each<[string, string, Options]>([
    ['prefix', 'items', { prefix: 'https://api.example.com/v1' }],
    ['baseUrl', '/items', { baseUrl: 'https://api.example.com/v1/' }],
    ['searchParams', 'https://api.example.com/v1/items', { searchParams: { page: 2 } }],
  ])('with %s, the call is on the lane of its host', async (_option, input, options) => {
    const engine = eager();
    await paced(engine, { ...options, fetch: async () => new Response() }).get(input);
    expect(engine.pace.snapshot().lanes.map((lane) => lane.host)).toEqual(['api.example.com']);
  });
});

describe('timeout', () => {
  test('is the time of an attempt: the wait in the queue does not count', async () => {
    const server = await serve(ok);
    const engine = eager();
    engine.pace.hold(new URL(server.url).host, 700);
    expect((await paced(engine).get(server.url, { timeout: 500 })).status).toBe(200);
  });

  test('ends in ky’s own TimeoutError, with Paceline’s in it', async () => {
    const server = await serve(() => {});
    const error = await caught(paced(eager()).get(server.url, { timeout: 100, retry: 1 }));
    expect(isTimeoutError(error)).toBe(true);
    expect(error.request.url).toBe(server.url);
    expect(isPacelineError(error.cause, 'ATTEMPT_TIMEOUT')).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test.each<[string, Options, number | undefined]>([
    ['a number wins over the host’s policy', { timeout: 80 }, 80],
    ['false lifts the host’s limit', { timeout: false }, Infinity],
    ['unset, the host’s policy holds', {}, undefined],
    ['context.pace wins over it', { timeout: 80, context: { pace: { attemptMs: 5 } } }, 5],
  ])('%s', async (_rule, options, expected) => {
    const engine = eager({ retry: false });
    const run = vi.spyOn(engine.pace, 'run');
    await paced(engine, { fetch: async () => new Response() }).get('http://a.example/', options);
    expect(run.mock.calls[0]?.[0].options?.attemptMs).toBe(expected);
  });

  test.each<[string, HostPolicy, number]>([
    ['unset everywhere, it is ky’s own default', {}, 10_000],
    ['unset in ky, it is the host’s', { timeouts: { attemptMs: 30_000 } }, 30_000],
  ])('%s', async (_rule, policy, ms) => {
    const clock = virtualClock();
    const pace = createPaceline({ clock, defaults: { ...policy, retry: false } });
    const hanging: typeof fetch = (_input, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const api = ky.extend({ hooks: { init: [paceKy(pace)] }, fetch: hanging });
    const error = caught(api.get('http://a.example/'));
    await vi.waitFor(() => expect(pace.snapshot().lanes[0]?.inFlight).toBe(1));
    await clock.advance(ms - 1);
    expect(pace.snapshot().lanes[0]?.inFlight).toBe(1);
    await clock.advance(ms / 64);
    expect(isTimeoutError(await error)).toBe(true);
  });

  test('totalTimeout stays ky’s own, and a call that it ends leaves the queue', async () => {
    const engine = eager();
    engine.pace.hold('127.0.0.1:9', 60_000);
    const error = await caught(paced(engine).get('http://127.0.0.1:9/', { totalTimeout: 100 }));
    expect(isTimeoutError(error)).toBe(true);
    expect(engine.pace.snapshot().lanes[0]?.queued).toBe(0);
  });
});

describe('ky.retry()', () => {
  /** Refreshes its token on the first 401, as ky's manual shows it. */
  const refreshing: Options = {
    hooks: {
      afterResponse: [
        ({ request, response, retryCount }) => {
          if (response.status !== 401 || retryCount > 0) return;
          const headers = new Headers(request.headers);
          headers.set('authorization', 'new');
          return ky.retry({ request: new Request(request, { headers }), delay: 1 });
        },
      ],
    },
  };

  test.each<[string, Options]>([
    ['without retry options', {}],
    ['with a limit', { retry: { limit: 1 } }],
  ])('works %s, and its second request is paced as well', async (_kind, options) => {
    const server = await serve(status(401), status(503), ok);
    const engine = eager();
    const response = await paced(engine, { ...refreshing, ...options }).post(server.url, {
      json: { word: 'again' },
      headers: { 'idempotency-key': 'k' },
    });
    expect(response.status).toBe(200);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, 'new', 'new']);
    expect(server.bodies).toEqual(Array(3).fill('{"word":"again"}'));
    expect(engine.events.filter((event) => event.type === 'settled')).toHaveLength(2);
  });

  test('is what beforeRetry hooks still see; for other retries there is one warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const server = await serve(status(503), status(401), ok);
    const beforeRetry = vi.fn();
    const api = paced(eager(), refreshing).extend({ hooks: { beforeRetry: [beforeRetry] } });
    expect((await api.get(server.url)).status).toBe(200);
    expect((await api.get(server.url)).status).toBe(200);
    expect(server.requests).toHaveLength(4);
    expect(beforeRetry).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('beforeRetry');
    warn.mockRestore();
  });

  test('ky’s own retry is off: a failure that Paceline does not retry is sent once', async () => {
    const server = await serve(status(503));
    const api = paced(eager({ retry: false }), refreshing);
    expect(isHTTPError(await caught(api.get(server.url)))).toBe(true);
    expect(server.requests).toHaveLength(1);
  });
});

describe('installing', () => {
  test('twice on one instance has no effect the second time', async () => {
    const server = await serve(status(503));
    const engine = eager();
    const hook = paceKy(engine.pace);
    const api = paced(engine).extend({ hooks: { init: [hook, paceKy(engine.pace)] } });
    await caught(api.get(server.url, { retry: 1 }));
    expect(server.requests).toHaveLength(2);
  });

  test('two engines on one instance: the first stays, with a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const server = await serve(status(503));
    const second = eager();
    await caught(
      paced(eager())
        .extend({ hooks: { init: [paceKy(second.pace)] } })
        .get(server.url),
    );
    expect([server.requests.length, second.events.length]).toEqual([4, 0]);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test('over a paced fetch, an attempt is paced once, and ky’s options still count', async () => {
    const server = await serve(status(503));
    const engine = eager();
    await caught(paced(engine, { fetch: paceFetch(engine.pace) }).get(server.url, { retry: 2 }));
    expect(server.requests).toHaveLength(3);
    expect(engine.events.filter((event) => event.type === 'attempt')).toHaveLength(3);
  });

  test('the user’s own fetch gets ky’s Request and the options that only fetch knows', async () => {
    const fetch = vi.fn(async () => new Response());
    const dispatcher = {};
    await paced(eager(), { fetch }).get('http://a.example/', { dispatcher } as Options);
    const [request, init] = fetch.mock.calls[0] as unknown as [Request, object];
    expect([request.url, init]).toMatchObject(['http://a.example/', { dispatcher }]);
  });

  test('leaves instances that it was not installed on alone', async () => {
    const engine = eager();
    const server = await serve(ok);
    const plain = ky.create({});
    plain.extend({ hooks: { init: [paceKy(engine.pace)] } });
    await plain.get(server.url);
    expect(engine.events).toEqual([]);
  });
});

test('a body that breaks off is not asked for again', async () => {
  const server = await serveSockets((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfine'));
  await expect(paced(eager()).get(server.url).text()).rejects.toThrow('terminated');
  expect(server.connections).toBe(1);
});
