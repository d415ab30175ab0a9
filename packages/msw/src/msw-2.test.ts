import { virtualClock } from '@paceline/core/testing';
import axios from 'axios';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { failures } from './failures.ts';
import type { Scenario } from './scenario/options.ts';

// The older major that the package supports.
vi.mock('msw', () => import('msw-2'));
vi.mock('msw/node', () => import('msw-2/node'));

const URL = 'http://api.test/users';
const server = setupServer(http.get(URL, () => HttpResponse.json(['Ada'])));
beforeAll(() => server.listen());
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** What one request after the other comes to, by either of Node's ways to send one. */
async function seen(scenario: Scenario, requests: number, get: (url: string) => Promise<string>): Promise<string[]> {
  const { handler, journal } = failures(scenario);
  server.use(handler);
  const all: string[] = [];
  for (let n = 0; n < requests; n += 1) all.push(await get(URL).catch(() => 'failed'));
  expect(journal.count()).toBe(requests);
  return all;
}

const byFetch = async (url: string): Promise<string> => {
  const response = await fetch(url);
  return `${response.status} ${await response.text()}`;
};
const byHttp = async (url: string): Promise<string> => {
  const { status, data } = await axios.get(url, { validateStatus: null, responseType: 'text' });
  return `${status} ${data}`;
};

test.each([
  ['fetch', byFetch],
  ['node:http', byHttp],
])('every kind of failure, and what passes, over %s', async (_way, get) => {
  const cut = { body: 'half of it', cutAfter: 4 };
  const first = [503, { status: 502, body: 'bad' }, 'network-error', 'reset', cut] as const;
  expect(await seen({ first }, 6, get)).toEqual(['503 ', '502 bad', 'failed', 'failed', 'failed', '200 ["Ada"]']);
});

test('quotas and their headers', async () => {
  const { handler } = failures({ quota: { limit: 1, perMs: 60_000 } });
  server.use(handler);
  const [first, second] = [await fetch(URL), await fetch(URL)];
  expect([first.status, second.status, second.headers.get('retry-after')]).toEqual([200, 429, '60']);
});

test('a hanging request ends by its abort, and the journal knows', async () => {
  const { handler, journal } = failures({ first: ['hang'] });
  server.use(handler);
  const controller = new AbortController();
  const answer = fetch(URL, { signal: controller.signal }).catch((error: unknown) => error);
  await journal.arrived(1);
  controller.abort('enough');
  expect(await answer).toBe('enough');
  expect(journal.entries).toMatchObject([{ answer: 'hang', aborted: true }]);
});

test('slow answers on a virtual clock', async () => {
  const clock = virtualClock();
  const { handler, journal } = failures({ slow: { minMs: 30_000 } }, { clock });
  server.use(handler);
  const answer = byFetch(URL);
  await journal.arrived(1);
  await clock.advance(30_000);
  expect(await answer).toBe('200 ["Ada"]');
});

test('a request that nobody takes is reported as unhandled', async () => {
  const unhandled = vi.fn();
  const { handler } = failures({});
  const other = setupServer(handler);
  server.close();
  other.listen({ onUnhandledRequest: ({ url }: { url: string }) => void unhandled(url) } as object);
  await fetch('http://127.0.0.1:9/').catch(() => {});
  other.close();
  server.listen();
  expect(unhandled).toHaveBeenCalledExactlyOnceWith('http://127.0.0.1:9/');
});
