// @vitest-environment jsdom
import { createPaceline, immediate } from '@paceline/core';
import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { type Answer, loopback } from '../test/loopback.ts';
import { paced, record, rejection, swift } from '../test/scripted.ts';

/** Lets a page of any origin in. */
const open =
  (answer: Answer): Answer =>
  (response, count, request) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Allow-Methods', '*');
    response.setHeader('Access-Control-Expose-Headers', '*');
    answer(response, count, request);
  };

describe('the xhr adapter', () => {
  const api = paced(swift(), { adapter: 'xhr' });

  it('is the one that axios takes by default in a page', () => {
    expect(axios.getAdapter(axios.defaults.adapter).name).toBe('xhr');
  });

  it('retries statuses and gives the last response', async () => {
    const server = await loopback(
      open((response, count) => void response.writeHead(count < 3 ? 503 : 200).end(`answer ${count}`)),
    );
    const { data } = await api.get(server.url);
    expect(data).toBe('answer 3');
  });

  it('sends a JSON body again as it was', async () => {
    const server = await loopback(
      open((response, count, { method }) => {
        response.writeHead(method === 'OPTIONS' || count > 2 ? 200 : 503).end();
      }),
    );
    await api.put(server.url, { a: 1 });
    const bodies = server.received.filter(({ method }) => method === 'PUT').map(({ body }) => body.toString());
    expect(bodies).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('has its own timeout for each attempt, and its own error', async () => {
    const pace = createPaceline({ defaults: { retry: { backoff: immediate, maxRetries: 1 }, budget: false } });
    const events = record(pace);
    const server = await loopback(() => {});
    const error = await rejection(paced(pace, { adapter: 'xhr' }).get(server.url, { timeout: 40 }));
    expect(error).toMatchObject({ isAxiosError: true, code: 'ECONNABORTED', message: 'timeout of 40ms exceeded' });
    expect(events.flatMap((event) => (event.type === 'retry' ? [event.reason] : []))).toEqual(['timeout']);
  });

  it('is aborted with the call', async () => {
    const controller = new AbortController();
    const server = await loopback(() => controller.abort(new Error('gone')));
    const error = await rejection(api.get(server.url, { signal: controller.signal }));
    expect(axios.isCancel(error)).toBe(true);
    expect(error.cause.message).toBe('gone');
  });

  it('resolves relative URLs against the page', async () => {
    const pace = swift({ retry: false });
    await rejection(paced(pace, { adapter: 'xhr' }).get('/nothing-there', { timeout: 500 }));
    expect(pace.snapshot().lanes[0]?.host).toBe(globalThis.location.host);
  });
});
