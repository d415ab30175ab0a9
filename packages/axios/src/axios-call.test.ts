import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import axios, { type AxiosAdapter } from 'axios';
import FormDataPackage from 'form-data';
import { describe, expect, it } from 'vitest';
import { closedPort, loopback, type Received, statuses } from '../test/loopback.ts';
import { paced, record, rejection, scripted, swift } from '../test/scripted.ts';

const ADAPTERS = ['http', 'fetch'] as const;
const idempotent = { pace: { idempotent: true } };

describe.each(ADAPTERS)('a body that is sent again by the %s adapter', (adapter) => {
  const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
  const json = { name: 'Zoë', list: [1, null] };

  it.each<[string, unknown, Buffer | string, string | undefined]>([
    ['JSON', json, JSON.stringify(json), 'application/json'],
    ['a string', 'naïve', 'naïve', 'application/x-www-form-urlencoded'],
    [
      'URLSearchParams',
      new URLSearchParams({ a: '1 2', b: 'é' }),
      'a=1+2&b=%C3%A9',
      'application/x-www-form-urlencoded;charset=utf-8',
    ],
    ['a Buffer', bytes, bytes, 'application/x-www-form-urlencoded'],
    ['an ArrayBuffer', new Uint8Array(bytes).buffer, bytes, undefined],
    ['a Blob', new Blob([bytes], { type: 'image/png' }), bytes, undefined],
  ])('is the same to the byte: %s', async (_, data, expected, contentType) => {
    const server = await loopback(statuses(503, 503, 200));
    await paced().post(server.url, data, { adapter, ...idempotent });
    expect(server.received).toHaveLength(3);
    const [first] = server.received;
    for (const { body, headers } of server.received) {
      expect(body).toEqual(Buffer.from(expected as string));
      expect(headers['content-length']).toBe(String(body.length));
      expect(headers['content-type']).toBe(first?.headers['content-type']);
      if (contentType) expect(headers['content-type']).toBe(contentType);
    }
  });

  it('is the same form under a boundary of its own: FormData with a file', async () => {
    const server = await loopback(statuses(503, 200));
    const form = new FormData();
    form.append('name', 'Zoë');
    form.append('file', new Blob([bytes]), 'data.bin');
    await paced().postForm(server.url, form, { adapter, ...idempotent });
    const boundaries = server.received.map(({ body }) => /^--(.+)\r\n/.exec(body.toString())?.[1] ?? '');
    const [first, second] = server.received.map(({ body }, index) =>
      body.toString().replaceAll(boundaries[index]!, ''),
    );
    expect(new Set(boundaries).size).toBe(2);
    // Axios 1.7's fetch adapter tells no boundary, paced or not.
    const told = adapter === 'http' || !axios.VERSION.startsWith('1.7') ? boundaries : ['', ''];
    expect(server.received.map(boundaryOf)).toEqual(told);
    expect(first).toEqual(second);
    expect(first).toContain('Zoë');
  });

  it('keeps the Idempotency-Key, which makes a POST worth a retry', async () => {
    const server = await loopback(statuses(503, 200));
    await paced().post(server.url, json, { adapter, headers: { 'Idempotency-Key': 'k-1' } });
    expect(server.received.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-1', 'k-1']);
  });

  it('is not sent again without one', async () => {
    const server = await loopback(statuses(503, 200));
    const error = await rejection(paced().post(server.url, json, { adapter }));
    expect(error.response.status).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  it('reports its upload progress for each attempt', async () => {
    const server = await loopback(statuses(503, 200));
    const sent: number[] = [];
    const onUploadProgress = ({ loaded }: { loaded: number }): void => void sent.push(loaded);
    await paced().put(server.url, Buffer.alloc(1_000, 'x'), { adapter, onUploadProgress });
    expect(server.received.map(({ body }) => body.length)).toEqual([1_000, 1_000]);
    expect(sent.filter((loaded) => loaded === 1_000).length).toBeGreaterThanOrEqual(2);
  });
});

it.each(ADAPTERS)('reports the download progress of each attempt: %s adapter', async (adapter) => {
  const server = await loopback(statuses(503, 200));
  const got: number[] = [];
  const onDownloadProgress = ({ loaded }: { loaded: number }): void => void got.push(loaded);
  const { data } = await paced().get(server.url, { adapter, onDownloadProgress });
  expect(data).toBe('answer 2');
  expect(got.filter((loaded) => loaded === data.length)).toHaveLength(2);
});

describe('a body that can be read once', () => {
  const stream = (): Readable => Readable.from([Buffer.from('hel'), Buffer.from('lo')]);
  const form = (): FormDataPackage => {
    const made = new FormDataPackage();
    made.append('file', stream(), { filename: 'x', knownLength: 5 });
    return made;
  };
  const web = (): ReadableStream => new Blob(['hello']).stream();

  it.each<[string, 'http' | 'fetch', () => unknown]>([
    ['a Node stream', 'http', stream],
    ['a Node stream', 'fetch', stream],
    ['a form-data instance', 'http', form],
    ['a web stream', 'fetch', web],
  ])('is sent once and never again, empty: %s, %s adapter', async (_, adapter, make) => {
    const pace = swift();
    const events = record(pace);
    const server = await loopback(statuses(503, 200));
    const error = await rejection(paced(pace).put(server.url, make(), { adapter }));
    expect(error.response.status).toBe(503);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.body.toString()).toContain('hello');
    expect(events.at(-1)).toMatchObject({ type: 'settled', reason: 'not-replayable' });
  });

  it('is used up even by an attempt that reached nobody', async () => {
    const pace = swift();
    const events = record(pace);
    const error = await rejection(paced(pace).put(`http://127.0.0.1:${await closedPort()}/`, stream()));
    expect(error.code).toBe('ECONNREFUSED');
    expect(events.at(-1)).toMatchObject({ reason: 'not-replayable', attempts: 1 });
  });

  it('does not end the process when it breaks while its call waits', async () => {
    const pace = swift();
    const server = await loopback(statuses(200));
    pace.hold(`127.0.0.1:${server.port}`, 100);
    const file = createReadStream('/nonexistent/file');
    const error = await rejection(paced(pace).put(server.url, file));
    expect(error).toMatchObject({ isAxiosError: true, code: 'ENOENT', config: { url: server.url } });
    expect(server.received).toHaveLength(0);
  });

  it('that was destroyed while its call waited cancels it, as axios does', async () => {
    const pace = swift();
    const server = await loopback(statuses(200));
    pace.hold(`127.0.0.1:${server.port}`, 50);
    const body = stream();
    const result = rejection(paced(pace).put(server.url, body));
    body.destroy();
    expect(await result).toMatchObject({ code: 'ERR_CANCELED', message: 'Request stream has been aborted' });
    expect(server.received).toHaveLength(0);
  });
});

describe.each(ADAPTERS)('headers under the %s adapter', (adapter) => {
  it('are the same on every attempt', async () => {
    const server = await loopback(statuses(503, 503, 200));
    const { config } = await paced().put(server.url, { a: 1 }, { adapter, headers: { 'X-Own': 'yes' } });
    const [first, ...rest] = server.received.map(({ headers }) => headers);
    expect(rest).toEqual([first, first]);
    expect(first?.['x-own']).toBe('yes');
    expect(config.headers.get('x-own')).toBe('yes');
  });

  it('that were switched off stay off', async () => {
    const server = await loopback(statuses(503, 200));
    await paced().get(server.url, { adapter, headers: { Accept: false as unknown as string } });
    expect(server.received.map(({ headers }) => headers.accept === 'application/json, text/plain, */*')).toEqual([
      false,
      false,
    ]);
  });
});

it('shows no attempt what the adapter wrote into the headers of another', async () => {
  const { adapter } = scripted(503, 503, 200);
  const found: unknown[] = [];
  const writing: AxiosAdapter = (config) => {
    found.push(config.headers.get('x-trace'));
    config.headers.set('x-trace', `run ${found.length}`);
    return adapter(config);
  };
  const { config } = await paced(swift(), { adapter: writing, headers: { 'X-Trace': 'own' } }).get('http://api.test/');
  expect(found).toEqual(['own', 'own', 'own']);
  expect(config.headers.get('x-trace')).toBe('run 3');
});

it('follows redirects inside one attempt, and none where maxRedirects says so', async () => {
  const pace = swift();
  const events = record(pace);
  const server = await loopback((response, _, { url }) => {
    if (url === '/there') return void response.end('there');
    response.writeHead(302, { Location: '/there' }).end();
  });
  const { data } = await paced(pace).get(`${server.url}/here`);
  const error = await rejection(paced(pace).get(`${server.url}/here`, { maxRedirects: 0 }));
  expect(data).toBe('there');
  expect(error.response.status).toBe(302);
  expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(2);
});

it('gives a streamed response over unread', async () => {
  const server = await loopback(statuses(503, 200));
  const { data } = await paced().get(server.url, { responseType: 'stream' });
  expect((await buffer(data)).toString()).toBe('answer 2');
});

function boundaryOf({ headers }: Received): string {
  return /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
}
