import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PaceEvent } from '@paceline/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eager } from '../test/engines.ts';
import { serve, status } from '../test/loopback.ts';
import { paceFetch } from './pace-fetch.ts';

const reason = new Error('not wanted any more');
const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;
const attempts = (events: readonly PaceEvent[]): number => events.filter(({ type }) => type === 'attempt').length;
setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** With a timeout the engine aborts by a signal of its own, without one by the caller's. */
const modes = [
  ['without a timeout', {}],
  ['with a timeout', { attemptMs: 60_000 }],
] as const;

let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
});

describe('an abort rejects with the caller’s own reason, and nothing is sent after it', () => {
  test('before the call', async () => {
    const { pace, events } = eager();
    controller.abort(reason);
    expect(await caught(paceFetch(pace)('http://127.0.0.1:9/', controller))).toBe(reason);
    expect(attempts(events)).toBe(0);
  });

  test('in the queue', async () => {
    const { pace, events } = eager();
    pace.hold('127.0.0.1:9', 60_000);
    const call = caught(paceFetch(pace)('http://127.0.0.1:9/', controller));
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect([attempts(events), listeners(controller.signal)]).toEqual([0, 0]);
  });

  test('between two attempts', async () => {
    const server = await serve(status(503));
    const { pace, events } = eager({ retry: { backoff: { delayMs: () => 60_000 } } });
    pace.subscribe((event) => {
      if (event.type === 'retry') setImmediate(() => controller.abort(reason));
    });
    expect(await caught(paceFetch(pace)(server.url, controller))).toBe(reason);
    expect([attempts(events), listeners(controller.signal)]).toEqual([1, 0]);
  });

  test.each(modes)('in flight, %s: the connection is closed', async (_mode, pace) => {
    const server = await serve(() => controller.abort(reason));
    const engine = eager();
    expect(await caught(paceFetch(engine.pace)(server.url, { signal: controller.signal, pace }))).toBe(reason);
    await expect.poll(() => server.requests[0]?.socket.destroyed).toBe(true);
    expect(attempts(engine.events)).toBe(1);
  });

  test.each(modes)('while the body is read, %s', async (_mode, pace) => {
    const server = await serve((_request, response) => void response.write('the beginning'));
    const response = await paceFetch(eager().pace)(server.url, { signal: controller.signal, pace });
    const reading = caught(response.text());
    await new Promise(setImmediate);
    gc();
    controller.abort(reason);
    expect(await reading).toBe(reason);
    await expect.poll(() => server.requests[0]?.socket.destroyed).toBe(true);
  });

  test('by the signal of a Request', async () => {
    const server = await serve((_request, response) => void response.write('the beginning'));
    const request = new Request(server.url, controller);
    const response = await paceFetch(eager().pace)(request, { pace: { attemptMs: 60_000 } });
    const reading = caught(response.text());
    controller.abort(reason);
    expect(await reading).toBe(reason);
  });

  test('by the user’s own deadline, which is no failure of the host', async () => {
    const server = await serve(() => {});
    const { pace, events } = eager();
    const error = await caught(paceFetch(pace)(server.url, { signal: AbortSignal.timeout(100) }));
    expect((error as Error).name).toBe('TimeoutError');
    expect(attempts(events)).toBe(1);
  });
});

test('a Request’s signal that init takes away is not listened to', async () => {
  const { pace } = eager();
  const request = new Request('http://127.0.0.1:9/', controller);
  const fetch = paceFetch(pace, async () => new Response('fine'));
  controller.abort(reason);
  expect((await fetch(request, { signal: null })).status).toBe(200);
});

describe('a thousand calls with one signal', () => {
  const warnings: Error[] = [];
  const note = (warning: Error): number => warnings.push(warning);
  beforeEach(() => {
    warnings.length = 0;
    process.on('warning', note);
  });
  afterEach(() => {
    process.off('warning', note);
  });

  const thousand = (signal: AbortSignal, pace: object): Promise<Response[]> => {
    const fetch = paceFetch(eager().pace, async (_input, init) => linked(init?.signal));
    return Promise.all(Array.from({ length: 1000 }, () => fetch('http://many.example.com/', { signal, pace })));
  };

  test('put one listener on it, and each body hears the abort', async () => {
    const responses = await thousand(controller.signal, { attemptMs: 60_000 });
    expect(listeners(controller.signal)).toBe(1);
    const readings = responses.map((response) => caught(response.text()));
    controller.abort(reason);
    expect(new Set(await Promise.all(readings))).toEqual(new Set([reason]));
    expect(warnings).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['even where the signal holds the body', () => thousand(controller.signal, { attemptMs: 60_000 })],
    ['also after real ones', readFifty],
  ])('leave nothing on it when their bodies are gone, %s', async (_kind, call) => {
    await call();
    await expect
      .poll(() => {
        gc();
        return listeners(controller.signal);
      })
      .toBe(0);
    expect(warnings).toEqual([]);
  });

  test('leave nothing on it without a timeout', async () => {
    await thousand(controller.signal, {});
    expect(listeners(controller.signal)).toBe(0);
    expect(warnings).toEqual([]);
  });

  async function readFifty(): Promise<void> {
    const server = await serve(status(200, {}, 'fine'));
    const fetch = paceFetch(eager().pace);
    const calls = Array.from({ length: 50 }, async () => {
      const response = await fetch(server.url, { signal: controller.signal, pace: { attemptMs: 60_000 } });
      expect(await response.text()).toBe('fine');
    });
    await Promise.all(calls);
    expect(listeners(controller.signal)).toBeLessThanOrEqual(1);
  }

  /** A response whose body ends by an abort only, as that of a slow server. */
  function linked(signal: AbortSignal | null | undefined): Response {
    return new Response(
      new ReadableStream({
        start(body) {
          const own = signal === controller.signal ? undefined : signal;
          own?.addEventListener('abort', () => body.error(own.reason));
        },
      }),
    );
  }
});
