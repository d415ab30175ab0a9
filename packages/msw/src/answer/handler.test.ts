import { getResponse, HttpResponse, http, type RequestHandler } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import { failures } from '../failures.ts';

const URL = 'https://api.example.com/users';
const own = http.get(URL, () => HttpResponse.text('own'));

afterEach(() => vi.useRealTimers());

/** What MSW's handlers answer, without any network beneath: the part that a browser's worker shares with Node. */
const answerOf = (...handlers: RequestHandler[]): Promise<Response | undefined> =>
  getResponse(handlers, new Request(URL));

test('without a clock of its own the scenario follows the test runner’s fake timers', async () => {
  vi.useFakeTimers();
  const { handler, journal } = failures({ outages: [{ fromMs: 1_000 }], slow: { minMs: 500 } });
  const slow = answerOf(handler, own);
  await vi.advanceTimersByTimeAsync(500);
  expect(await (await slow)?.text()).toBe('own');
  await vi.advanceTimersByTimeAsync(500);
  expect((await answerOf(handler, own))?.status).toBe(503);
  expect(journal.entries.map(({ at }) => at)).toEqual([0, 1_000]);
});

test('a request that is aborted before it comes is neither answered nor passed on', async () => {
  const { handler, journal } = failures({ first: [503] });
  const aborted = new Request(URL, { signal: AbortSignal.abort() });
  let settled = false;
  void getResponse([handler, own], aborted).finally(() => {
    settled = true;
  });
  await journal.arrived(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect([settled, journal.entries[0]?.aborted]).toEqual([false, true]);
});

test('calls are told apart by a header of choice or by a function', async () => {
  const byHeader = failures({}, { callBy: 'X-Call' });
  const byPath = failures({}, { callBy: (request) => new globalThis.URL(request.url).pathname });
  for (const headers of [{ 'X-Call': '7' }, undefined]) {
    await getResponse([byHeader.handler, byPath.handler, own], new Request(`${URL}?page=1`, headers && { headers }));
  }
  expect(byHeader.journal.order()).toEqual(['7', `GET ${URL}?page=1`]);
  expect(byPath.journal.attempts()).toEqual({ '/users': 2 });
});

test('a body that was read before is missing in the journal, and nothing else', async () => {
  const { handler, journal } = failures({}, { recordBodies: true });
  const reader = http.post(URL, async ({ request }) => void (await request.text()));
  const request = new Request(URL, { method: 'POST', body: 'hello' });
  const response = await getResponse([reader, handler, http.post(URL, () => new HttpResponse(null))], request);
  expect(response?.status).toBe(200);
  expect(journal.entries).toMatchObject([{ body: undefined, answer: 'passed' }]);
});

test('printing a cut answer, as MSW does in browsers, does not fail', async () => {
  const { handler } = failures({ first: [{ body: 'abc', cutAfter: 1 }] });
  const response = await answerOf(handler);
  await handler.log({ request: new Request(URL), response: response! });
});
