import { createPaceline } from '@paceline/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { eager } from '../test/engines.ts';
import { paceFetch } from './pace-fetch.ts';

const HOST = 'https://api.example.com/items';
const hosts = (pace: { snapshot(): { lanes: readonly { host: string }[] } }): string[] =>
  pace.snapshot().lanes.map((lane) => lane.host);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what passes the engine by', () => {
  test.each(['data:text/plain,fine', URL.createObjectURL(new Blob(['fine']))])('%s goes to no host', async (url) => {
    const { pace, events } = eager();
    expect(await (await paceFetch(pace)(url)).text()).toBe('fine');
    expect(events).toEqual([]);
  });

  const used = new Request(HOST, { method: 'POST', body: 'x' });
  const locked = new Blob(['x']).stream();
  locked.getReader();

  test.each<[string, () => Parameters<typeof fetch>]>([
    ['an invalid URL', () => ['https://api.example.com:99999/']],
    ['a relative URL without a page', () => ['/items']],
    ['a Request that was used', () => [used]],
    ['a stream that is being read', () => [HOST, { method: 'POST', body: locked, duplex: 'half' } as RequestInit]],
    ['a body on GET', () => [HOST, { body: 'x' }]],
  ])('%s rejects at once, as fetch does', async (_kind, args) => {
    await used.text().catch(() => {});
    const { pace, events } = eager();
    const expected = await fetch(...args()).catch((error: unknown) => error);
    const thrown = await paceFetch(pace)(...args()).catch((error: unknown) => error);
    expect(expected).toBeInstanceOf(TypeError);
    expect(thrown).toEqual(expected);
    expect(events).toEqual([]);
  });

  test('a keepalive request of a page that goes away does not wait', async () => {
    vi.stubGlobal('document', { visibilityState: 'hidden', baseURI: HOST });
    const { pace, events } = eager();
    const fetch = paceFetch(pace, async () => new Response('sent'));
    pace.hold('api.example.com', 60_000);
    expect(await (await fetch('/beacon', { method: 'POST', keepalive: true })).text()).toBe('sent');
    expect(events.map((event) => event.type)).toEqual(['held']);
  });
});

describe('lanes', () => {
  test.each<[string, Parameters<typeof fetch>[0]]>([
    ['a string', 'https://API.example.com:443/items?q=1'],
    ['a URL', new URL(HOST)],
    ['a Request', new Request(HOST)],
    ['anything that can be a string', { toString: () => HOST } as unknown as string],
  ])('%s finds the lane of its host', async (_kind, input) => {
    const pace = createPaceline();
    await paceFetch(pace, async () => new Response())(input);
    expect(hosts(pace)).toEqual(['api.example.com']);
  });

  test('a relative URL finds the lane of its page, and fetch gets it as it was', async () => {
    vi.stubGlobal('location', { href: 'https://page.example.com/app/' });
    const pace = createPaceline();
    const inner = vi.fn(async () => new Response());
    await paceFetch(pace, inner)('items');
    expect(hosts(pace)).toEqual(['page.example.com']);
    expect(inner).toHaveBeenCalledExactlyOnceWith('items', undefined);
  });
});
