import { createClient } from '@fetchkit/ffetch';
import { paceAxios } from '@paceline/axios';
import { createPaceline, type Paceline, perSecond } from '@paceline/core';
import { paceFetch } from '@paceline/fetch';
import { paceKy } from '@paceline/ky';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import Bottleneck from 'bottleneck';
import { bulkhead, ExponentialBackoff, handleAll, retry, TimeoutStrategy, timeout, wrap } from 'cockatiel';
import got from 'got';
import ky from 'ky';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { Agent, RetryAgent, request } from 'undici';

/** A client that gets a small JSON answer and reads it. */
export interface Client {
  readonly name: string;
  /** The raw client that it is compared with. */
  readonly base: string;
  get(url: string): Promise<unknown>;
}

const ALWAYS = 1e6;

function engine(): Paceline {
  return createPaceline({ defaults: { rate: perSecond(ALWAYS), concurrency: ALWAYS } });
}

const FETCH = 'fetch';
const AXIOS = 'axios';
const KY = 'ky, retry off';
const UNDICI = 'undici.request';

export function clients(): readonly Client[] {
  return [...fetchClients(), ...axiosClients(), ...kyClients(), ...others()];
}

function fetchClients(): Client[] {
  const paced = paceFetch(engine());
  const timed = paceFetch(engine());
  const queue = new PQueue({ concurrency: ALWAYS, interval: 1000, intervalCap: ALWAYS });
  const policy = wrap(
    bulkhead(ALWAYS),
    retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
    timeout(10_000, TimeoutStrategy.Cooperative),
  );
  const ffetch = createClient({ retries: 3, timeout: 10_000 });
  const read = async (response: Promise<Response>): Promise<unknown> => (await response).json();
  return [
    { name: FETCH, base: FETCH, get: (url) => read(fetch(url)) },
    { name: '**fetch + Paceline**', base: FETCH, get: (url) => read(paced(url)) },
    {
      name: '**fetch + Paceline, attempt timeout**',
      base: FETCH,
      get: (url) => read(timed(url, { pace: { attemptMs: 10_000 } })),
    },
    {
      name: 'fetch + p-retry + p-queue',
      base: FETCH,
      get: (url) => read(queue.add(() => pRetry(() => fetch(url), { retries: 3 }))),
    },
    {
      name: 'fetch + cockatiel (retry, bulkhead, timeout)',
      base: FETCH,
      // cockatiel aborts its signal when the policy is through, so the body has to be read inside.
      get: (url) => policy.execute(({ signal }) => read(fetch(url, { signal }))),
    },
    { name: 'ffetch (retry, timeout)', base: FETCH, get: (url) => read(ffetch(url)) },
  ];
}

function axiosClients(): Client[] {
  const plain = axios.create();
  const paced = axios.create();
  paced.interceptors.request.use(paceAxios(engine()));
  const retried = axios.create();
  axiosRetry(retried, { retries: 3 });
  const queued = axios.create();
  axiosRetry(queued, { retries: 3 });
  const queue = new PQueue({ concurrency: ALWAYS, interval: 1000, intervalCap: ALWAYS });
  const limited = axios.create();
  const limits = new Bottleneck({ maxConcurrent: ALWAYS, reservoir: ALWAYS });
  return [
    { name: AXIOS, base: AXIOS, get: (url) => plain.get(url) },
    { name: '**axios + Paceline**', base: AXIOS, get: (url) => paced.get(url) },
    { name: 'axios + axios-retry', base: AXIOS, get: (url) => retried.get(url) },
    { name: 'axios + axios-retry + p-queue', base: AXIOS, get: (url) => queue.add(() => queued.get(url)) },
    { name: 'axios + Bottleneck', base: AXIOS, get: (url) => limits.schedule(() => limited.get(url)) },
  ];
}

function kyClients(): Client[] {
  const plain = ky.create({ retry: 0, timeout: false });
  const retried = ky.create({});
  const paced = ky.extend({ hooks: { init: [paceKy(engine())] } });
  return [
    { name: KY, base: KY, get: (url) => plain.get(url).json() },
    { name: '**ky + Paceline**', base: KY, get: (url) => paced.get(url).json() },
    { name: 'ky, its own retry and timeout', base: KY, get: (url) => retried.get(url).json() },
  ];
}

function others(): Client[] {
  const agent = new Agent();
  const retrying = new RetryAgent(new Agent());
  const read = async (dispatcher: Agent | RetryAgent, url: string): Promise<unknown> =>
    (await request(url, { dispatcher })).body.json();
  return [
    { name: UNDICI, base: UNDICI, get: (url) => read(agent, url) },
    { name: 'undici.request + RetryAgent', base: UNDICI, get: (url) => read(retrying, url) },
    { name: 'got (retry)', base: UNDICI, get: (url) => got(url).json() },
  ];
}
