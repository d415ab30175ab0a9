import type { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { loopback } from '../test/loopback.ts';
import { paced, swift } from '../test/scripted.ts';

/** What a reader of the body comes to. */
async function readAll(body: Readable | ReadableStream): Promise<string> {
  try {
    for await (const _ of body as Readable);
    return 'ended';
  } catch {
    return 'broken';
  }
}

describe.each(['http', 'fetch'])("the caller's abort after the headers, %s adapter", (adapter) => {
  const controller = (): [AxiosRequestConfig, () => void] => {
    const made = new AbortController();
    return [{ signal: made.signal }, () => made.abort(new Error('gone'))];
  };
  const token = (): [AxiosRequestConfig, () => void] => {
    const { token: cancelToken, cancel } = axios.CancelToken.source();
    return [{ cancelToken }, () => cancel('gone')];
  };
  const signalBesideToken = (): [AxiosRequestConfig, () => void] => {
    const [config, abort] = controller();
    return [{ ...config, cancelToken: axios.CancelToken.source().token }, abort];
  };
  const tokenBesideSignal = (): [AxiosRequestConfig, () => void] => {
    const [config, cancel] = token();
    return [{ ...config, signal: new AbortController().signal }, cancel];
  };

  describe.each([
    ['without timeouts of the engine', {}],
    ['with a timeout of the engine', { attemptMs: 10_000, totalMs: 10_000 }],
  ])('%s', (_, timeouts) => {
    it.each([
      ['by signal', controller],
      ['by cancel token', token],
      ['by the signal beside a token', signalBesideToken],
      ['by the token beside a signal', tokenBesideSignal],
    ])('still ends a streamed body: %s', async (__, make) => {
      const [config, abort] = make();
      const server = await loopback((response, count) => {
        if (count === 1) return void response.writeHead(503).end();
        response.writeHead(200).write('the beginning');
      });
      const { data } = await paced(swift({ timeouts })).get(server.url, { ...config, adapter, responseType: 'stream' });
      const end = readAll(data);
      abort();
      expect(await end).toBe('broken');
    });
  });

  it('does not come from an attemptMs that has been met', async () => {
    const server = await loopback((response) => {
      response.writeHead(200).write('slow');
      setTimeout(() => response.end(' body'), 500);
    });
    const api = paced(swift({ timeouts: { attemptMs: 400 } }));
    const { data } = await api.get(server.url, {
      adapter,
      responseType: 'stream',
      signal: new AbortController().signal,
    });
    expect(await readAll(data)).toBe('ended');
  });
});

it.each(['http', 'fetch'])(
  'an attempt that runs into attemptMs is aborted on the wire: %s adapter',
  async (adapter) => {
    let aborted = 0;
    const server = await loopback((response, count) => {
      if (count === 3) return void response.end('third');
      response.on('close', () => {
        aborted += 1;
      });
    });
    const api = paced(swift({ timeouts: { attemptMs: 200 } }));
    const { data } = await api.get(server.url, { adapter, signal: new AbortController().signal });
    expect(data).toBe('third');
    expect(aborted).toBe(2);
  },
);
