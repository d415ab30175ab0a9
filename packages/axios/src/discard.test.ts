import { Agent } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constant } from '@paceline/core';
import { describe, expect, it, vi } from 'vitest';
import { loopback } from '../test/loopback.ts';
import { paced, swift } from '../test/scripted.ts';
import { discard } from './discard.ts';

describe.each(['http', 'fetch'])('a streamed response that is dropped for a retry, %s adapter', (adapter) => {
  const read = async (data: Readable | ReadableStream): Promise<string> => (await buffer(data as Readable)).toString();

  it.each([
    ['rejects', {}],
    ['resolves', { validateStatus: null }],
  ])('is read to its end where axios %s with it, so that its connection serves again', async (_, options) => {
    const httpAgent = new Agent({ keepAlive: true });
    const server = await loopback((response, count) => {
      response.statusCode = count < 4 ? 503 : 200;
      response.end(count < 4 ? 'busy'.repeat(1_000) : 'done');
    });
    const api = paced(swift({ retry: { backoff: constant(50) } }), { adapter, httpAgent });
    const { data } = await api.get(server.url, { ...options, responseType: 'stream' });
    expect(await read(data)).toBe('done');
    expect(server.received).toHaveLength(4);
    expect(server.connections).toBe(1);
  });

  it('is given up when it is long or does not end, and the retry does not wait for that', async () => {
    let givenUp = 0;
    const server = await loopback((response, count) => {
      if (count > 2) return void response.end('done');
      response.on('close', () => {
        if (!response.writableFinished) givenUp += 1;
      });
      response.writeHead(503);
      if (count === 1) response.write('never ends');
      else response.end(Buffer.alloc(50_000_000));
    });
    const { data } = await paced(swift()).get(server.url, { adapter, responseType: 'stream' });
    expect(await read(data)).toBe('done');
    await vi.waitFor(() => expect(givenUp).toBe(2));
  });
});

describe('discard', () => {
  it.each([undefined, null, '', 'text', { json: true }, Buffer.from('x')])('has nothing to do for %j', (data) => {
    expect(() => discard(data as object)).not.toThrow();
  });

  it('survives a stream that breaks meanwhile', async () => {
    const stream = new PassThrough();
    discard(stream);
    stream.destroy(new Error('broken'));
    await new Promise(setImmediate);
    expect(stream.destroyed).toBe(true);
  });

  it('survives a web stream that breaks, or cannot be cancelled', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('broken')) });
    const cancel = vi.fn(() => Promise.reject(new Error('no')));
    const stubborn = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
      cancel,
    });
    discard(broken);
    discard(stubborn);
    await new Promise(setImmediate);
    expect(cancel).toHaveBeenCalledTimes(1);
  });
});
