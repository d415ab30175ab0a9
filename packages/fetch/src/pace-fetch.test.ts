import { createPaceline, isPacelineError, perMinute, settlementOf, sharedPaceline } from '@paceline/core';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { eager } from '../test/engines.ts';
import { paceFetch } from './pace-fetch.ts';

const URL_ = 'https://api.example.com/items';
const network = setupServer();
beforeAll(() => network.listen());
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

/** Answers each request with the next of `answers`, the last one for good, and notes the requests. */
function answer(...answers: readonly (() => Response)[]): Request[] {
  const seen: Request[] = [];
  network.use(
    http.all('*', ({ request }) => {
      seen.push(request);
      return answers[Math.min(seen.length, answers.length) - 1]?.();
    }),
  );
  return seen;
}

const ok = (): Response => HttpResponse.text('fine');
const unavailable = (): Response => HttpResponse.text('not now', { status: 503 });
const broken = (): Response => HttpResponse.error();

describe('results', () => {
  test('an answer is handed over as the inner fetch gave it, with its body unread', async () => {
    const response = new Response('fine');
    const fetch = paceFetch(createPaceline(), async () => response);
    expect(await fetch(URL_)).toBe(response);
    expect(response.bodyUsed).toBe(false);
  });

  test('two failures and a success take three attempts', async () => {
    const seen = answer(unavailable, unavailable, ok);
    const response = await paceFetch(eager().pace)(URL_);
    expect(await response.text()).toBe('fine');
    expect(seen).toHaveLength(3);
  });

  test('when retries are exhausted, the last answer is there to be read', async () => {
    const { pace, reason } = eager();
    const seen = answer(unavailable);
    const response = await paceFetch(pace)(URL_, { pace: { maxRetries: 2 } });
    expect([response.status, await response.text(), reason()]).toEqual([503, 'not now', 'retries-exhausted']);
    expect(seen).toHaveLength(3);
  });

  test('a failed connection is tried again, and in the end throws the very error of the inner fetch', async () => {
    const errors: unknown[] = [];
    const inner: typeof fetch = (input, init) =>
      globalThis.fetch(input, init).catch((error: unknown) => {
        errors.push(error);
        throw error;
      });
    const seen = answer(broken);
    const thrown = await paceFetch(eager().pace, inner)(URL_).catch((error: unknown) => error);
    expect(seen).toHaveLength(4);
    expect(thrown).toBe(errors.at(-1));
    expect(settlementOf(thrown)?.reason).toBe('retries-exhausted');
  });

  test('an error that is not even an Error passes through untouched', async () => {
    const fetch = paceFetch(eager({ retry: false }).pace, () => Promise.reject('no error object'));
    await expect(fetch(URL_)).rejects.toBe('no error object');
  });

  test('only what Paceline itself does is a PacelineError', async () => {
    answer(ok);
    const { pace } = eager({ rate: perMinute(1) });
    const fetch = paceFetch(pace);
    await fetch(URL_);
    const refused = await fetch(URL_, { pace: { maxWaitMs: 10 } }).catch((error: unknown) => error);
    expect(isPacelineError(refused, 'QUEUE_TIMEOUT')).toBe(true);
  });
});

describe('which requests are sent twice', () => {
  test.each(['GET', 'put', 'DELETE'])('%s is', async (method) => {
    const seen = answer(unavailable, ok);
    await paceFetch(eager().pace)(URL_, { method });
    expect(seen).toHaveLength(2);
  });

  test('POST is not, and the event says why', async () => {
    const { pace, reason } = eager();
    const seen = answer(unavailable, ok);
    expect((await paceFetch(pace)(URL_, { method: 'POST' })).status).toBe(503);
    expect([seen.length, reason()]).toEqual([1, 'not-idempotent']);
  });

  test.each([
    ['an object', { 'idempotency-KEY': 'k-1' }],
    ['a list', [['Idempotency-Key', 'k-1']] as [string, string][]],
    ['Headers', new Headers({ 'Idempotency-Key': 'k-1' })],
  ])('POST with an Idempotency-Key in %s is, with the same key', async (_kind, headers) => {
    const seen = answer(unavailable, ok);
    await paceFetch(eager().pace)(URL_, { method: 'POST', headers });
    expect(seen.map((request) => request.headers.get('idempotency-key'))).toEqual(['k-1', 'k-1']);
  });

  test('POST is if the caller gives their word', async () => {
    const seen = answer(unavailable, ok);
    await paceFetch(eager().pace)(URL_, { method: 'POST', pace: { idempotent: true } });
    expect(seen).toHaveLength(2);
  });

  test('POST is after a 429', async () => {
    const seen = answer(() => new Response(null, { status: 429 }), ok);
    await paceFetch(eager().pace)(URL_, { method: 'POST', body: 'again' });
    expect(await Promise.all(seen.map((request) => request.text()))).toEqual(['again', 'again']);
  });

  test('answers that hide their status are not', async () => {
    const hidden = Object.defineProperty(new Response(), 'status', { value: 0 });
    const inner = vi.fn(async () => hidden);
    await paceFetch(eager().pace, inner)(URL_, { mode: 'no-cors' });
    await paceFetch(eager().pace, inner)(URL_, { redirect: 'manual' });
    expect(inner).toHaveBeenCalledTimes(2);
  });
});

describe('wrapping', () => {
  test('a fetch that this engine paces already is returned as it is', () => {
    const { pace } = eager();
    const fetch = paceFetch(pace, globalThis.fetch);
    expect(paceFetch(pace, fetch)).toBe(fetch);
  });

  test('a fetch that another engine paces is unwrapped with a warning, so that retries are not multiplied', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const outer = eager();
    const inner = eager();
    const seen = answer(unavailable);
    await paceFetch(outer.pace, paceFetch(inner.pace))(URL_);
    await paceFetch(outer.pace, paceFetch(inner.pace))(URL_);
    expect([seen.length, inner.events.length]).toEqual([8, 0]);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test('without arguments it is the shared engine over the fetch of the moment', async () => {
    const fetch = paceFetch();
    const before = globalThis.fetch;
    globalThis.fetch = async () => new Response('from a later fetch');
    const response = await fetch('https://shared.example.com/').finally(() => {
      globalThis.fetch = before;
    });
    expect(await response.text()).toBe('from a later fetch');
    expect(
      sharedPaceline()
        .snapshot()
        .lanes.map((lane) => lane.host),
    ).toContain('shared.example.com');
  });

  test('the inner fetch gets the arguments of the caller, unknown members included, without a `this`', async () => {
    const calls: unknown[] = [];
    const inner = function (this: unknown, ...args: unknown[]): Promise<Response> {
      calls.push([this, ...args]);
      return Promise.resolve(new Response());
    };
    const init = { dispatcher: {}, next: { revalidate: 60 }, priority: 'high' } as const;
    await paceFetch(createPaceline(), inner)(URL_, init);
    expect(calls).toEqual([[undefined, URL_, init]]);
  });

  test('wrong options reject by name, before anything is sent', async () => {
    const seen = answer(ok);
    const fetch = paceFetch(createPaceline());
    await expect(fetch(URL_, { pace: { maxRetries: -1 } })).rejects.toThrow(/pace\.maxRetries/);
    await expect(fetch(URL_, { pace: { retries: 3 } as object })).rejects.toThrow(/pace\.retries.*maxRetries/);
    expect(seen).toHaveLength(0);
  });
});
