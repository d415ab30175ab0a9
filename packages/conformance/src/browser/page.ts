import { paceAxios } from '@paceline/axios';
import { constant, createPaceline, type Paceline } from '@paceline/core';
import { paceFetch } from '@paceline/fetch';
import { paceKy } from '@paceline/ky';
import { type Failures, failures, type Scenario } from '@paceline/msw';
import { report } from '@paceline/test-support/page';
import axios from 'axios';
import ky from 'ky';
import { HttpResponse, http } from 'msw';
import { setupWorker } from 'msw/browser';
import { EventLog } from '../play/event-log.ts';

/** Puts JSON to a path and tells what came of it. */
type Put = (path: string, pace?: { attemptMs: number; maxRetries: number }) => Promise<string>;

const JSON_BODY = { name: 'Zoë' };

/** Every client as pages use it; axios once by each adapter that a browser has. */
const clients: Readonly<Record<string, (engine: Paceline) => Put>> = {
  fetch(engine) {
    const fetch = paceFetch(engine);
    const headers = { 'content-type': 'application/json' };
    return async (path, pace) => {
      const response = await fetch(path, {
        method: 'PUT',
        headers,
        body: JSON.stringify(JSON_BODY),
        ...(pace && { pace }),
      });
      return `${response.status} ${await response.text()}`;
    };
  },
  xhr: (engine) => byAxios(engine, 'xhr'),
  'axios-fetch': (engine) => byAxios(engine, 'fetch'),
  ky(engine) {
    const api = ky.extend({ hooks: { init: [paceKy(engine)] } });
    return async (path, pace) => {
      const response = await api.put(path, { json: JSON_BODY, ...(pace && { context: { pace } }) });
      return `${response.status} ${await response.text()}`;
    };
  },
};

function byAxios(engine: Paceline, adapter: 'xhr' | 'fetch'): Put {
  const api = axios.create({ adapter });
  api.interceptors.request.use(paceAxios(engine));
  return async (path, pace) => {
    const { status, data } = await api.put(path, JSON_BODY, { pace });
    return `${status} ${data}`;
  };
}

const worker = setupWorker(http.put('/api/:client', ({ params }) => HttpResponse.text(`for ${params.client}`)));

/** Puts a scenario before the page's own handler. */
function stage(scenario: Scenario): Failures['journal'] {
  const callBy = ({ url }: Request): string => url.slice(url.lastIndexOf('/') + 1);
  const { handler, journal } = failures({ url: '/api/*', ...scenario }, { callBy, recordBodies: true });
  worker.resetHandlers();
  worker.use(handler);
  return journal;
}

const engine = (): Paceline => createPaceline({ defaults: { pace: false, retry: { backoff: constant(1) } } });

/** A call by each client on an engine of its own, one after the other. */
async function eachAlone(pace?: Parameters<Put>[1]): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  for (const [name, connect] of Object.entries(clients)) {
    const alone = engine();
    const log = new EventLog(alone, [name]);
    const put = connect(alone);
    const end = await put(`/api/${name}`, pace).catch(nameOf);
    told[name] = { end, log: log.lines()[name] };
  }
  return told;
}

/** An AxiosError goes by the name of its cause. */
function nameOf(error: Error): string {
  return axios.isAxiosError(error) ? 'AxiosError' : error.name;
}

async function retried(): Promise<unknown> {
  const journal = stage({ firstOfEachCall: [503, 'reset'] });
  const calls = await eachAlone();
  return { calls, attempts: journal.attempts(), bodies: [...new Set(journal.entries.map(({ body }) => body))] };
}

async function hanging(): Promise<unknown> {
  stage({ firstOfEachCall: ['hang', 'hang'] });
  return eachAlone({ attemptMs: 200, maxRetries: 1 });
}

/** All at once on one engine; ky, the first, is told to wait. */
async function shared(): Promise<unknown> {
  const journal = stage({ first: [{ status: 429, headers: { 'Retry-After': '1' } }] });
  const one = engine();
  const first = clients.ky?.(one)('/api/ky');
  await new Promise<void>((resolve) => {
    one.subscribe(({ type }) => type === 'held' && resolve());
  });
  const others = Object.entries(clients).map(([name, connect]) => connect(one)(`/api/${name}`));
  const ends = await Promise.all([first, ...others]);
  const [told = 0, ...later] = journal.entries.map(({ at }) => at);
  const { lanes } = one.snapshot();
  return {
    ends,
    waited: later.every((at) => at - told >= 1_000),
    lanes: lanes.map(({ host }) => host),
    at: location.host,
  };
}

await report(async () => {
  await worker.start({ quiet: true });
  return { retried: await retried(), hanging: await hanging(), shared: await shared() };
});
