import { once } from 'node:events';
import { paceAxios } from '@paceline/axios';
import { createPaceline, perSecond } from '@paceline/core';
import { paceFetch } from '@paceline/fetch';
import { paceKy } from '@paceline/ky';
import { redisStore } from '@paceline/redis';
import axios from 'axios';
import { Redis } from 'ioredis';
import ky from 'ky';

// One worker process: it calls the API as often as it may, by the client that it is told to use.
const [client = '', url = '', redisUrl = ''] = process.argv.slice(2);

const redis = redisUrl === '' ? undefined : new Redis(redisUrl);
// ioredis reports a lost connection here; the pace does so in its own events.
redis?.on('error', () => {});
// A process that calls before it has reached the store knows of no others, and would take the whole rate.
if (redis !== undefined) await once(redis, 'ready');

const pace = createPaceline({
  ...(redis === undefined ? {} : { store: redisStore(redis) }),
  defaults: { rate: perSecond(60), burst: 10, retry: false },
});
pace.subscribe(({ state }) => console.log(`  ${client}: tokens are ${state}`), ['store']);

const viaAxios = axios.create({ baseURL: url, validateStatus: () => true });
viaAxios.interceptors.request.use(paceAxios(pace));
const viaKy = ky.extend({ prefix: url, throwHttpErrors: false, hooks: { init: [paceKy(pace)] } });
const viaFetch = paceFetch(pace);

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  axios: () => viaAxios.get('/axios'),
  ky: () => viaKy.get('ky').text(),
  fetch: async () => (await viaFetch(`${url}/fetch`)).text(),
};

const call = calls[client];
if (call === undefined) throw new Error(`no client '${client}'`);
process.once('disconnect', () => process.exit());
// Ten at a time, so that something always waits for its turn.
await Promise.all(
  Array.from({ length: 10 }, async () => {
    for (;;) await call();
  }),
);
