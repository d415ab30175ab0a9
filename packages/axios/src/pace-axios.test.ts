import { createPaceline } from '@paceline/core';
import axios, {
  type AxiosAdapter,
  type AxiosInterceptorOptions,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { describe, expect, it, vi } from 'vitest';
import { loopback, statuses } from '../test/loopback.ts';
import { paced, record, rejection, scripted, swift } from '../test/scripted.ts';
import { paceAxios } from './pace-axios.ts';

const URL = 'http://api.test/items';

/** Axios 1.7 knows no such option, and refuses it. */
const IN_ORDER: AxiosRequestConfig = axios.VERSION.startsWith('1.7')
  ? {}
  : { transitional: { legacyInterceptorReqResOrdering: false } };

describe('paceAxios', () => {
  it('retries inside the adapter, so that interceptors and transforms run once per call', async () => {
    const { adapter, runs } = scripted(503, 503, 200);
    const api = axios.create({ adapter });
    const seen: string[] = [];
    const note = <T>(name: string, value: T): T => {
      seen.push(name);
      return value;
    };
    api.interceptors.request.use((config) => note('request before', config));
    api.interceptors.request.use(paceAxios(swift()));
    api.interceptors.request.use((config) => note('request after', config));
    api.interceptors.response.use((response) => note('response', response));
    await api.post(URL, 'body', {
      pace: { idempotent: true },
      transformRequest: [(data) => note('transform', data)],
      transformResponse: [(data) => note('untransform', data)],
    });
    expect(runs).toHaveLength(3);
    expect(seen).toEqual(['request after', 'request before', 'transform', 'untransform', 'response']);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('sees what an interceptor registered %s it does to the request', async (_, place) => {
    const pace = swift();
    const events = record(pace);
    const { adapter } = scripted(200);
    const api = axios.create({ adapter });
    const install = [
      () => api.interceptors.request.use(paceAxios(pace)),
      () => api.interceptors.request.use((config) => ({ ...config, baseURL: 'http://late.test' })),
    ];
    for (const step of place === 0 ? install.toReversed() : install) step();
    await api.get('/x');
    expect(events[0]).toMatchObject({ host: 'late.test' });
  });

  it.each<[string, AxiosRequestConfig, AxiosInterceptorOptions?]>([
    ['in the order of their registration', IN_ORDER],
    ['at once, without promises', {}, { synchronous: true }],
    ['for some requests only', {}, { runWhen: ({ url }) => url === URL }],
  ])('works where interceptors run %s', async (_, config, options) => {
    const { adapter, runs } = scripted(503, 200);
    const api = axios.create({ ...config, adapter });
    const pass = (request: InternalAxiosRequestConfig): InternalAxiosRequestConfig => request;
    api.interceptors.request.use(pass, null, options);
    api.interceptors.request.use(paceAxios(swift()), null, options);
    api.interceptors.request.use(pass, null, options);
    const { status } = await api.get(URL);
    expect([status, runs.length]).toEqual([200, 2]);
  });

  it('may come when the instance has long been in use, and go again', async () => {
    const { adapter, runs } = scripted(503);
    const api = axios.create({ adapter });
    const sent = async (): Promise<number> => {
      const before = runs.length;
      await rejection(api.get(URL));
      return runs.length - before;
    };
    const plain = await sent();
    const id = api.interceptors.request.use(paceAxios(swift()));
    const attached = await sent();
    api.interceptors.request.eject(id);
    expect([plain, attached, await sent()]).toEqual([1, 4, 1]);
  });

  it('holds nothing for a request that a later interceptor throws away', async () => {
    const pace = swift({ concurrency: 1 });
    const events = record(pace);
    const thrown = new Error('not signed in');
    const api = axios.create({ adapter: scripted(200).adapter });
    const guard = api.interceptors.request.use(() => Promise.reject(thrown));
    api.interceptors.request.use(paceAxios(pace));
    expect(await rejection(api.get(URL))).toBe(thrown);
    expect(events).toEqual([]);
    api.interceptors.request.eject(guard);
    expect((await api.get(URL)).status).toBe(200);
  });

  it('leaves a call alone whose adapter a later interceptor replaces, as caches do', async () => {
    const pace = swift();
    const events = record(pace);
    const cached = scripted(200);
    const api = axios.create({ adapter: scripted(200).adapter });
    api.interceptors.request.use((config) => ({ ...config, adapter: cached.adapter }));
    api.interceptors.request.use(paceAxios(pace));
    await api.get(URL);
    expect(events).toEqual([]);
    expect(cached.runs).toHaveLength(1);
  });

  it('can be ejected like any interceptor', async () => {
    const pace = swift();
    const events = record(pace);
    const api = axios.create({ adapter: scripted(200).adapter });
    api.interceptors.request.eject(api.interceptors.request.use(paceAxios(pace)));
    await api.get(URL);
    expect(events).toEqual([]);
  });

  it('uses the shared engine when it gets none', async () => {
    const { sharedPaceline } = await import('@paceline/core');
    const events = record(sharedPaceline());
    const api = axios.create({ adapter: scripted(200).adapter });
    api.interceptors.request.use(paceAxios());
    await api.get('http://shared.test/');
    expect(events.at(-1)).toMatchObject({ type: 'settled', host: 'shared.test', reason: 'done' });
  });
});

describe('adapters', () => {
  const { adapter: own } = scripted(503, 200);

  it.each<[string, string | AxiosAdapter | (string | AxiosAdapter)[]]>([
    ['by name', 'http'],
    ['by another name', 'fetch'],
    ['as a list of names', ['xhr', 'http', 'fetch']],
    ['as a function', own],
    ['as a list with a function', [own]],
  ])('may be given per request, %s', async (_, adapter) => {
    const server = await loopback(statuses(503, 200));
    const { status } = await paced().get(server.url, { adapter });
    expect(status).toBe(200);
    expect(server.received.length).toBe(
      typeof adapter === 'function' || (Array.isArray(adapter) && adapter.includes(own)) ? 0 : 2,
    );
  });

  it('that do not exist fail in the words of axios, before a token is spent', async () => {
    const pace = swift();
    const events = record(pace);
    const error = await rejection(paced(pace).get(URL, { adapter: 'pigeon' }));
    expect(error.message).toBe("Unknown adapter 'pigeon'");
    expect(events).toEqual([]);
  });

  it('of axios-mock-adapter are paced and retried too, relative URLs included', async () => {
    const api = paced();
    const mock = new MockAdapter(api as never);
    mock.onGet('/users').replyOnce(503).onGet('/users').networkErrorOnce().onGet('/users').reply(200, ['ann']);
    const { data } = await api.get('/users');
    expect(data).toEqual(['ann']);
    expect(mock.history.get).toHaveLength(3);
  });

  it('of axios-mock-adapter with no handler left fail once, with its own 404', async () => {
    const api = paced();
    const mock = new MockAdapter(api as never);
    const error = await rejection(api.get('/nobody'));
    expect(error.response.status).toBe(404);
    expect(mock.history.get).toHaveLength(1);
  });
});

describe('a second attachment', () => {
  it('of the same engine changes nothing', async () => {
    const pace = swift();
    const { adapter, runs } = scripted(503);
    const api = paced(pace, { adapter });
    api.interceptors.request.use(paceAxios(pace));
    await rejection(api.get(URL));
    expect(runs).toHaveLength(4);
  });

  it('of another engine warns once and takes the place of the first, so that retries do not multiply', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const [first, second] = [swift(), swift()];
    const events = record(first);
    const { adapter, runs } = scripted(503);
    const api = axios.create({ adapter });
    api.interceptors.request.use(paceAxios(first));
    api.interceptors.request.use(paceAxios(second));
    await rejection(api.get(URL));
    await rejection(api.get(URL));
    expect(runs).toHaveLength(8);
    expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(8);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.lastCall?.[0]).toContain('two engines');
  });

  it('on several instances counts once for a request that one hands to another', async () => {
    const pace = swift();
    const events = record(pace);
    const { adapter, runs } = scripted(503, 503, 503, 503, 200);
    const parent = paced(pace, { adapter });
    const child = parent.create();
    child.interceptors.request.use(paceAxios(pace));
    const { config } = await rejection(child.get(URL));
    await parent.request(config);
    expect(runs).toHaveLength(5);
    expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(5);
  });

  it('by a response interceptor that sends the request again is a new call of the same engine', async () => {
    const pace = swift();
    const events = record(pace);
    const { adapter, runs } = scripted(401, 503, 200);
    const api = paced(pace, { adapter });
    api.interceptors.response.use(undefined, (error) => {
      if (error.response.status !== 401) throw error;
      return api.request({ ...error.config, headers: { ...error.config.headers, Authorization: 'fresh' } });
    });
    const { status, config } = await api.get(URL);
    expect(status).toBe(200);
    expect(config.headers.Authorization).toBe('fresh');
    expect(runs).toHaveLength(3);
    expect(events.flatMap((event) => (event.type === 'attempt' ? [event.call] : []))).toEqual([1, 2, 2]);
  });
});

describe('pace options', () => {
  const callOf = async (config: Parameters<typeof axios.get>[1], defaults?: object): Promise<AxiosResponse | Error> => {
    const api = paced(swift(), { adapter: scripted(503).adapter, ...defaults });
    return api.get(URL, config).catch((error: Error) => error);
  };

  it('of the call and of the instance merge field by field', async () => {
    const pace = swift();
    const events = record(pace);
    const { adapter, runs } = scripted(503);
    const api = paced(pace, { adapter, pace: { maxRetries: 1, priority: 3 } });
    api.defaults.pace = { ...api.defaults.pace, key: 'tenant' };
    await rejection(api.get(URL, { pace: { maxRetries: 2 } }));
    expect(runs).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ host: 'tenant', attempts: 3 });
  });

  it('that are wrong reject the call with a TypeError that names them', async () => {
    const wrong = { pace: { maxRetrys: 1 } } as object;
    await expect(callOf(wrong)).resolves.toBeInstanceOf(TypeError);
  });
});

it('holds the concurrency of a host over all instances on the engine', async () => {
  const pace = createPaceline({ defaults: { concurrency: 2 } });
  let inFlight = 0;
  let peak = 0;
  const adapter: AxiosAdapter = async (config) => {
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    return { status: 200, statusText: '', headers: {}, data: '', config };
  };
  const instances = [paced(pace, { adapter }), paced(pace, { adapter })];
  await Promise.all(Array.from({ length: 12 }, (_, index) => instances[index % 2]!.get(URL)));
  expect(peak).toBe(2);
});
