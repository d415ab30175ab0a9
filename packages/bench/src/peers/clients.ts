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
  /** The clients that it is compared with. */
  readonly against: readonly string[];
  get(url: string): Promise<unknown>;
}

const ALWAYS = 1e6;

function engine(): Paceline {
  return createPaceline({ defaults: { rate: perSecond(ALWAYS), concurrency: ALWAYS } });
}

const FETCH = 'fetch';
const AXIOS = 'axios';
const KY = 'ky, retry off';
const KY_RETRY = 'ky, its own retry and timeout';
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
    { name: FETCH, against: [], get: (url) => read(fetch(url)) },
    { name: '**fetch + Paceline**', against: [FETCH], get: (url) => read(paced(url)) },
    {
      name: '**fetch + Paceline, attempt timeout**',
      against: [FETCH],
      get: (url) => read(timed(url, { pace: { attemptMs: 10_000 } })),
    },
    {
      name: 'fetch + p-retry + p-queue',
      against: [FETCH],
      get: (url) => read(queue.add(() => pRetry(() => fetch(url), { retries: 3 }))),
    },
    {
      name: 'fetch + cockatiel (retry, bulkhead, timeout)',
      against: [FETCH],
      // cockatiel aborts its signal when the policy is through, so the body has to be read inside.
      get: (url) => policy.execute(({ signal }) => read(fetch(url, { signal }))),
    },
    { name: 'ffetch (retry, timeout)', against: [FETCH], get: (url) => read(ffetch(url)) },
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
    { name: AXIOS, against: [], get: (url) => plain.get(url) },
    { name: '**axios + Paceline**', against: [AXIOS], get: (url) => paced.get(url) },
    { name: 'axios + axios-retry', against: [AXIOS], get: (url) => retried.get(url) },
    { name: 'axios + axios-retry + p-queue', against: [AXIOS], get: (url) => queue.add(() => queued.get(url)) },
    { name: 'axios + Bottleneck', against: [AXIOS], get: (url) => limits.schedule(() => limited.get(url)) },
  ];
}

function kyClients(): Client[] {
  const plain = ky.create({ retry: 0, timeout: false });
  const retried = ky.create({});
  const paced = ky.extend({ hooks: { init: [paceKy(engine())] } });
  return [
    { name: KY, against: [], get: (url) => plain.get(url).json() },
    { name: '**ky + Paceline**', against: [KY, KY_RETRY], get: (url) => paced.get(url).json() },
    { name: KY_RETRY, against: [KY], get: (url) => retried.get(url).json() },
  ];
}

function others(): Client[] {
  const agent = new Agent();
  const retrying = new RetryAgent(new Agent());
  const read = async (dispatcher: Agent | RetryAgent, url: string): Promise<unknown> =>
    (await request(url, { dispatcher })).body.json();
  return [
    { name: UNDICI, against: [], get: (url) => read(agent, url) },
    { name: 'undici.request + RetryAgent', against: [UNDICI], get: (url) => read(retrying, url) },
    { name: 'got (retry)', against: [UNDICI], get: (url) => got(url).json() },
  ];
}
