import axios from 'axios';
import oldAxios from 'axios-1-7';
import { expect, it } from 'vitest';
import { loopback, statuses } from '../test/loopback.ts';
import { rejection, swift } from '../test/scripted.ts';
import { paceAxios } from './pace-axios.ts';

// An application may have another copy of axios, of another version, than the one that this package finds.
it.each([
  ['names', undefined],
  ['functions of the other copy', oldAxios.getAdapter('http')],
])('works with another copy of axios: adapters by %s', async (_, adapter) => {
  expect(oldAxios.VERSION).not.toBe(axios.VERSION);
  const server = await loopback(statuses(503, 200, 404));
  const api = oldAxios.create({ headers: { 'X-Own': 'yes' }, ...(adapter && { adapter }) });
  api.interceptors.request.use(paceAxios(swift()) as never);
  const { data, config } = await api.put(server.url, { a: 1 });
  const error = await rejection(api.get(server.url));
  expect(data).toBe('answer 2');
  expect(config.headers.get('X-Own')).toBe('yes');
  expect(oldAxios.isAxiosError(error)).toBe(true);
  expect(server.received.map(({ headers }) => headers['x-own'])).toEqual(['yes', 'yes', 'yes']);
  expect(server.received.slice(0, 2).map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}']);
});
