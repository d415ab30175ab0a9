import type { HedgePolicy } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { eager } from '../test/engines.ts';
import { type Loopback, serve, status } from '../test/loopback.ts';
import { paceFetch } from './pace-fetch.ts';

const SLOW_MS = 400;

describe('a hedged fetch', () => {
  test('gives the answer of the second attempt, and breaks off the first', async () => {
    const server = await serve(() => {}, status(200, {}, 'second'));
    const { pace, events } = eager({ hedge: { afterMs: 20, ratio: 1 } });
    const response = await paceFetch(pace)(server.url);
    expect(await response.text()).toBe('second');
    await expect.poll(() => server.requests[0]?.socket.destroyed).toBe(true);
    expect(events.filter(({ type }) => type === 'attempt')).toMatchObject([{ hedge: false }, { hedge: true }]);
  });

  test('sends the same body twice', async () => {
    const server = await serve(() => {}, status(200));
    const { pace } = eager({ hedge: { afterMs: 20, ratio: 1 } });
    const request = new Request(server.url, { method: 'PUT', body: 'the body' });
    expect((await paceFetch(pace)(request)).status).toBe(200);
    expect(server.bodies).toEqual(['the body', 'the body']);
  });

  test.each([
    ['first', 40, SLOW_MS],
    ['second', SLOW_MS, 0],
  ])('lets its caller abort the body of the %s attempt', async (_which, firstMs, secondMs) => {
    const beginAfter =
      (ms: number) =>
      (_request: unknown, response: { write(text: string): void }): void =>
        void setTimeout(() => response.write('the beginning'), ms);
    const server = await serve(beginAfter(firstMs), beginAfter(secondMs));
    const { pace } = eager({ hedge: { afterMs: 10, ratio: 1 } });
    const stop = new AbortController();
    const response = await paceFetch(pace)(server.url, { signal: stop.signal });
    const reading = response.text().catch((error: unknown) => error);
    const reason = new Error('not wanted any more');
    stop.abort(reason);
    expect(await reading).toBe(reason);
    await expect.poll(() => server.requests.every(({ socket }) => socket.destroyed)).toBe(true);
  });
});

describe('a server that is slow for one request in fifty', () => {
  const CALLS = 600;
  const AT_A_TIME = 8;

  async function slowServer(): Promise<Loopback> {
    const server = await serve((_request, response) => {
      const isSlow = server.requests.length % 50 === 0;
      setTimeout(() => response.end(isSlow ? 'slow' : 'quick'), isSlow ? 1000 : 0);
    });
    return server;
  }

  /** How many of many calls got a slow answer. */
  async function slowAnswers(server: Loopback, hedge: false | HedgePolicy): Promise<number> {
    const fetch = paceFetch(eager({ hedge }).pace);
    let calls = 0;
    let slow = 0;
    const work = async (): Promise<void> => {
      while (calls < CALLS) {
        calls += 1;
        if ((await (await fetch(server.url)).text()) === 'slow') slow += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return slow;
  }

  test('is slow for less than one call in a hundred with hedges, and gets no more requests than they may add', {
    timeout: 60_000,
  }, async () => {
    expect(await slowAnswers(await slowServer(), false)).toBe(CALLS / 50);
    const server = await slowServer();
    expect(await slowAnswers(server, { quantile: 0.9, minSamples: 50, ratio: 0.2 })).toBeLessThan(CALLS / 100);
    expect(server.requests.length).toBeLessThanOrEqual(CALLS * 1.2);
  });
});
