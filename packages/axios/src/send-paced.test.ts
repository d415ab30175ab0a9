import { constant, isPacelineError, settlementOf } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import axios, { AxiosError } from 'axios';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loopback, statuses } from '../test/loopback.ts';
import { paced, record, rejection, scripted, swift } from '../test/scripted.ts';

const URL = 'http://api.test/items';

describe('the result', () => {
  it('is the last response as axios made it, with the config that the interceptors saw', async () => {
    const server = await loopback(statuses(503, 200));
    const api = paced();
    let seen: unknown;
    api.interceptors.request.use((config) => {
      seen = config;
      return config;
    });
    const { data, status, config } = await api.get(server.url);
    expect([status, data]).toEqual([200, 'answer 2']);
    expect(config).toBe(seen);
    expect(config.headers['User-Agent']).toMatch(/^axios/);
  });

  it('is the last error as axios made it when the retries are used up', async () => {
    const server = await loopback(statuses(503, 503, 502));
    const error = await rejection(paced().get(server.url, { pace: { maxRetries: 2 } }));
    expect(axios.isAxiosError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_BAD_RESPONSE', message: 'Request failed with status code 502' });
    expect(error.response.data).toBe('answer 3');
    expect(error.config).toBe(error.response.config);
    expect(error.config.url).toBe(server.url);
  });

  it.each([
    ['null', null],
    ['that accepts everything', () => true],
  ])('resolves with a bad status under a validateStatus %s, and only after the retries', async (_, validateStatus) => {
    const { adapter, runs } = scripted(503);
    const { status } = await paced(swift(), { adapter }).get(URL, { validateStatus });
    expect(status).toBe(503);
    expect(runs).toHaveLength(4);
  });

  it('rejects at once with a good status that validateStatus refuses', async () => {
    const { adapter, runs } = scripted(200);
    const error = await rejection(paced(swift(), { adapter }).get(URL, { validateStatus: () => false }));
    expect(error.response.status).toBe(200);
    expect(runs).toHaveLength(1);
  });

  it('is the very error that the adapter threw, whatever it is', async () => {
    const odd = new Error('odd');
    const { adapter, runs } = scripted(odd);
    expect(await rejection(paced(swift(), { adapter }).get(URL))).toBe(odd);
    expect(await rejection(paced().get(URL, { adapter: () => Promise.reject('text') }))).toBe('text');
    expect(runs).toHaveLength(1);
  });

  it('of a failed connection is the original error, with what Paceline knows of the call out of sight', async () => {
    const reset = new AxiosError('socket hang up', 'ECONNRESET', undefined, {});
    const { adapter, runs } = scripted(reset);
    const error = await rejection(paced(swift(), { adapter }).get(URL));
    expect(error).toBe(reset);
    expect(runs).toHaveLength(4);
    expect(settlementOf(error)).toMatchObject({ reason: 'retries-exhausted', attempts: 4 });
    expect(Object.keys(error)).not.toContain('settlement');
  });
});

describe("Paceline's own errors", () => {
  it('come as AxiosErrors with the code, the config and the PacelineError as cause', async () => {
    const pace = swift({ concurrency: 1, queue: { maxLength: 0 } });
    const api = paced(pace, { adapter: scripted('hang').adapter });
    const controller = new AbortController();
    const first = rejection(api.get(URL, { signal: controller.signal }));
    await Promise.resolve();
    const error = await rejection(api.get(URL, { params: { page: 2 } }));
    controller.abort();
    await first;
    expect(axios.isAxiosError(error)).toBe(true);
    expect(error).toBeInstanceOf(AxiosError);
    expect(error.code).toBe('QUEUE_FULL');
    expect([error.request, error.response]).toEqual([undefined, undefined]);
    expect(error.config).toMatchObject({ url: URL, params: { page: 2 } });
    expect(isPacelineError(error.cause, 'QUEUE_FULL')).toBe(true);
    expect(error.cause.host).toBe('api.test');
    expect(JSON.stringify(error)).toContain('QUEUE_FULL');
  });

  it('say ATTEMPT_TIMEOUT and TOTAL_TIMEOUT where its own times run out, waits not counted for the former', async () => {
    const clock = virtualClock();
    const pace = swift({ retry: { backoff: constant(500) } }, { clock });
    const api = paced(pace, { adapter: scripted('hang').adapter });
    pace.hold('api.test', 5_000);
    const attempt = rejection(api.get(URL, { pace: { attemptMs: 100, maxRetries: 1 } }));
    const total = rejection(api.get(URL, { pace: { totalMs: 5_300 } }));
    await clock.advance(10_000);
    expect(await attempt).toMatchObject({ code: 'ATTEMPT_TIMEOUT', cause: { attempts: 2 } });
    expect(await total).toMatchObject({ code: 'TOTAL_TIMEOUT' });
  });

  it('say CLOSED after close', async () => {
    const pace = swift();
    await pace.close();
    expect(await rejection(paced(pace).get(URL))).toMatchObject({ isAxiosError: true, code: 'CLOSED' });
  });
});

describe("axios's own timeout", () => {
  it('measures each attempt, not the wait in the queue', async () => {
    const server = await loopback(statuses(200));
    const pace = swift({ rate: { limit: 1, perMs: 150 }, burst: 1 });
    const api = paced(pace, { timeout: 100 });
    const answers = await Promise.all([api.get(server.url), api.get(server.url), api.get(server.url)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each(['http', 'fetch'])('is retried and then rejects in the words of axios: %s adapter', async (adapter) => {
    const server = await loopback(() => {});
    const pace = swift();
    const events = record(pace);
    const error = await rejection(
      paced(pace).get(server.url, { adapter, timeout: 30, timeoutErrorMessage: 'too slow', pace: { maxRetries: 1 } }),
    );
    expect(error).toMatchObject({ isAxiosError: true, code: adapter === 'http' ? 'ECONNABORTED' : 'ETIMEDOUT' });
    expect(error.message).toMatch(adapter === 'http' ? /^too slow$/ : /^timeout .*30/);
    expect(error.config).toMatchObject({ url: server.url, timeout: 30 });
    expect(events.at(-1)).toMatchObject({ reason: 'retries-exhausted', attempts: 2 });
    expect(events).toContainEqual(expect.objectContaining({ type: 'retry', reason: 'timeout' }));
  });

  it('honours clarifyTimeoutError', async () => {
    const server = await loopback(() => {});
    const api = paced(swift({ retry: false }), { timeout: 30, transitional: { clarifyTimeoutError: true } });
    expect(await rejection(api.get(server.url))).toMatchObject({ code: 'ETIMEDOUT' });
  });
});

describe('an abort', () => {
  const reason = new Error('the user went away');

  /** A host with one slot, which is taken. */
  const busy = () => {
    const clock = virtualClock();
    const pace = swift({ concurrency: 1, retry: { backoff: constant(1_000) } }, { clock });
    const { adapter, runs } = scripted(503, 'hang');
    return { clock, pace, runs, api: paced(pace, { adapter }) };
  };

  it.each([
    ['in the backoff', 500, 1],
    ['in flight', 1_500, 2],
  ])('%s rejects with a CanceledError that keeps the reason, and nothing is sent after it', async (_, at, expected) => {
    const { clock, pace, runs, api } = busy();
    const controller = new AbortController();
    const result = rejection(api.get(URL, { signal: controller.signal }));
    await clock.advance(at);
    controller.abort(reason);
    const error = await result;
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'ERR_CANCELED',
      name: 'CanceledError',
      isAxiosError: true,
      config: { url: URL },
    });
    expect(error.cause).toBe(reason);
    expect(Object.keys(error)).not.toContain('cause');
    await clock.advance(60_000);
    expect(runs).toHaveLength(expected);
    expect(pace.snapshot().lanes[0]).toMatchObject({ inFlight: 0, queued: 0, counters: { aborted: 1 } });
  });

  it('in the queue leaves it at once', async () => {
    const { clock, pace, runs, api } = busy();
    pace.hold('api.test', 10_000);
    const controller = new AbortController();
    const result = rejection(api.get(URL, { signal: controller.signal }));
    await clock.advance(1);
    controller.abort(reason);
    expect(await result).toMatchObject({ code: 'ERR_CANCELED', cause: reason });
    await clock.advance(60_000);
    expect(runs).toHaveLength(0);
  });

  it.each([
    ['in the queue', 10_000, 0],
    ['in the backoff', 0, 1],
  ])('by a legacy cancel token %s rejects with the token’s own Cancel', async (_, holdMs, expected) => {
    const { clock, pace, runs, api } = busy();
    if (holdMs > 0) pace.hold('api.test', holdMs);
    const { token, cancel } = axios.CancelToken.source();
    const result = rejection(api.get(URL, { cancelToken: token, signal: new AbortController().signal }));
    await clock.advance(500);
    cancel('enough');
    const error = await result;
    expect(error).toBe(token.reason);
    expect(error).toMatchObject({ message: 'enough', code: 'ERR_CANCELED' });
    await clock.advance(60_000);
    expect(runs).toHaveLength(expected);
  });

  it('by the signal beside a cancel token ends the call too', async () => {
    const { clock, api } = busy();
    const controller = new AbortController();
    const { token } = axios.CancelToken.source();
    const result = rejection(api.get(URL, { cancelToken: token, signal: controller.signal }));
    await clock.advance(500);
    controller.abort(reason);
    expect(await result).toMatchObject({ code: 'ERR_CANCELED', cause: reason });
  });

  it('leaves no listener on signals and tokens that live longer than the calls', async () => {
    const { signal, listeners } = countingSignal();
    const { token } = axios.CancelToken.source();
    const subscribers = token as unknown as { _listeners?: unknown[] };
    const server = await loopback(statuses(503, 200));
    const api = paced(swift({ timeouts: { attemptMs: 5_000 } }));
    for (let call = 0; call < 12; call += 1) await api.get(server.url, { signal, cancelToken: token });
    expect(listeners()).toBe(0);
    expect(subscribers._listeners ?? []).toEqual([]);
  });

  it('by AbortSignal.timeout is the caller’s deadline and not retried', async () => {
    const server = await loopback(() => {});
    const error = await rejection(paced().get(server.url, { signal: AbortSignal.timeout(150) }));
    expect(axios.isCancel(error)).toBe(true);
    expect(error.cause.name).toBe('TimeoutError');
    expect(server.received).toHaveLength(1);
  });
});

/** A signal that counts who listens. */
function countingSignal(): { signal: AbortSignal; listeners: () => number } {
  const { signal } = new AbortController();
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<AbortSignal['addEventListener']>) => {
    count += 1;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<AbortSignal['removeEventListener']>) => {
    count -= 1;
    removeEventListener.apply(signal, args);
  };
  return { signal, listeners: () => count };
}

describe('the lane', () => {
  const laneOf = async (config: Parameters<typeof axios.request>[0], defaults = {}): Promise<string | undefined> => {
    const pace = swift();
    await paced(pace, { adapter: scripted(200).adapter, ...defaults }).request(config);
    return pace.snapshot().lanes[0]?.host;
  };

  it.each([
    ['an absolute URL', { url: 'https://API.Test/x' }, {}, 'api.test'],
    ['a URL with a port', { url: 'http://api.test:8080/x' }, {}, 'api.test:8080'],
    ['a URL with userinfo', { url: 'http://ann:secret@api.test/x' }, {}, 'api.test'],
    [
      'a path under baseURL',
      { url: '/x', params: { host: 'evil.test' } },
      { baseURL: 'http://base.test/v1' },
      'base.test',
    ],
    ['an absolute URL beside baseURL', { url: 'http://api.test/x' }, { baseURL: 'http://base.test' }, 'api.test'],
    [
      'an absolute URL that baseURL overrules',
      { url: 'http://api.test/x', allowAbsoluteUrls: false },
      { baseURL: 'http://base.test' },
      // Axios before 1.8 knows no such option.
      axios.VERSION.startsWith('1.7') ? 'api.test' : 'base.test',
    ],
    ['a protocol-relative URL', { url: '//api.test/x' }, {}, 'api.test'],
    ['no URL at all', {}, { baseURL: 'http://base.test' }, 'base.test'],
    ['a relative URL without a base', { url: '/x' }, {}, 'localhost'],
    ['a Unix socket', { url: '/x', socketPath: '/run/docker.sock' }, {}, 'unix:/run/docker.sock'],
    ['a key of the call’s own', { url: 'http://api.test/x', pace: { key: 'tenant' } }, {}, 'tenant'],
  ])('of %s', async (_, config, defaults, host) => {
    expect(await laneOf(config, defaults)).toBe(host);
  });

  it('does not take the base of the global axios for an instance that has none', async () => {
    const pace = swift();
    const api = paced(pace, { adapter: scripted(200).adapter });
    axios.defaults.baseURL = 'http://global.test';
    onTestFinished(() => {
      delete axios.defaults.baseURL;
    });
    await api.get('/x');
    expect(pace.snapshot().lanes[0]?.host).toBe('localhost');
  });

  it('is never asked for data: URLs, nor for URLs that axios itself refuses', async () => {
    const pace = swift();
    const api = paced(pace);
    const { data } = await api.get('data:text/plain;base64,aGVsbG8=', { responseType: 'text' });
    const error = await rejection(api.get('ftp://api.test/x'));
    expect(data).toBe('hello');
    expect(error.message).toContain('Unsupported protocol ftp:');
    expect(pace.snapshot().lanes).toEqual([]);
  });

  it('is that of the URL that goes over the wire, the same each time', async () => {
    const server = await loopback(statuses(503, 200));
    const pace = swift();
    const api = paced(pace, { baseURL: `${server.url}/v1`, params: { a: 1 } });
    await api.get('items', { params: { tags: ['x', 'y'] }, paramsSerializer: { indexes: null } });
    expect(server.received.map(({ url }) => url)).toEqual(Array(2).fill('/v1/items?a=1&tags=x&tags=y'));
    expect(pace.snapshot().lanes.map(({ host }) => host)).toEqual([`127.0.0.1:${server.port}`]);
  });

  it('sees the parameters as they are sent, for keys made of them', async () => {
    const urls: string[] = [];
    const keyOf = (url: string): string => {
      urls.push(url);
      return 'one';
    };
    const api = paced(swift({}, { keyOf }), { adapter: scripted(200).adapter });
    await api.get('http://api.test/x', { params: { a: [1, 2] }, paramsSerializer: () => 'a=1|2' });
    expect(urls).toEqual(['http://api.test/x?a=1|2']);
  });
});
