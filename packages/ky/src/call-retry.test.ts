import { constant, type HostPolicy, immediate } from '@paceline/core';
import ky, { isHTTPError, isNetworkError, isTimeoutError, type Options, type ShouldRetryState } from 'ky';
import { describe, expect, test, vi } from 'vitest';
import { eager } from '../../fetch/test/engines.ts';
import { serve, serveSockets, status } from '../../fetch/test/loopback.ts';
import { paceKy } from './pace-ky.ts';

/** Calls a server that gives one answer, and tells how often it was asked and how that ended. */
async function ask(answer: Parameters<typeof status>, options: Options, policy: HostPolicy = {}) {
  const server = await serve(status(...answer));
  const engine = eager(policy);
  const api = ky.extend({ hooks: { init: [paceKy(engine.pace)] } });
  await api(server.url, options).catch(() => {});
  const delays = engine.events.flatMap((event) => (event.type === 'retry' ? event.delayMs : []));
  return { attempts: server.requests.length, reason: engine.reason(), delays };
}

describe('each of ky’s retry options is asked of the engine', () => {
  test.each<[Options['retry'], number]>([
    [0, 1],
    [2, 3],
    [{ limit: 1 }, 2],
  ])('limit: %o', async (retry, attempts) => {
    expect(await ask([503], { retry: retry! })).toMatchObject({ attempts, reason: 'retries-exhausted' });
  });

  test('methods', async () => {
    expect(await ask([503], { method: 'post', retry: { methods: ['post'] } })).toMatchObject({ attempts: 4 });
    expect(await ask([503], { retry: { methods: ['put'] } })).toMatchObject({ attempts: 1, reason: 'not-idempotent' });
  });

  test('statusCodes', async () => {
    expect(await ask([418], { retry: { statusCodes: [418] } })).toMatchObject({ attempts: 4 });
    expect(await ask([503], { retry: { statusCodes: [418] } })).toMatchObject({ attempts: 1, reason: 'done' });
  });

  test('backoffLimit', async () => {
    const policy: HostPolicy = { retry: { backoff: constant(60_000) } };
    expect(await ask([503], { retry: { limit: 2, backoffLimit: 1 } }, policy)).toMatchObject({ delays: [1, 1] });
  });

  test('maxRetryAfter, beyond which the call ends', async () => {
    expect(await ask([503, { 'retry-after': '30' }], { retry: { maxRetryAfter: 1_000 } })).toMatchObject({
      attempts: 1,
      reason: 'retry-after-too-long',
    });
  });

  test('what is unset follows the host’s policy, not ky’s defaults', async () => {
    const policy: HostPolicy = { retry: { maxRetries: 4, statuses: [418], backoff: immediate } };
    expect(await ask([418], {}, policy)).toMatchObject({ attempts: 5 });
    expect(await ask([418], { retry: { methods: ['get'] } }, policy)).toMatchObject({ attempts: 5 });
  });

  test('context.pace.maxRetries wins over limit', async () => {
    expect(await ask([503], { retry: 5, context: { pace: { maxRetries: 1 } } })).toMatchObject({ attempts: 2 });
  });

  test('delay and jitter are for forced retries only, and a warning says so once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const options: Options = { retry: { limit: 1, delay: () => 60_000, jitter: true } };
    expect(await ask([503], options)).toMatchObject({ attempts: 2, delays: [0] });
    await ask([503], options);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('retry.delay');
    warn.mockRestore();
  });
});

describe('shouldRetry', () => {
  const answering =
    (verdict: boolean | undefined, seen: ShouldRetryState[] = []) =>
    (state: ShouldRetryState): boolean | undefined => {
      seen.push(state);
      return verdict;
    };

  test('false ends the call', async () => {
    expect(await ask([503], { retry: { shouldRetry: answering(false) } })).toMatchObject({
      attempts: 1,
      reason: 'when',
    });
  });

  test('true asks for another attempt where nothing else would', async () => {
    expect(await ask([418], { retry: { limit: 1, shouldRetry: answering(true) } })).toMatchObject({ attempts: 2 });
  });

  test('true does not make a POST harmless', async () => {
    expect(await ask([503], { method: 'post', retry: { shouldRetry: answering(true) } })).toMatchObject({
      attempts: 1,
    });
  });

  test('undefined leaves it to the built-in rule', async () => {
    expect(await ask([503], { retry: { limit: 2, shouldRetry: answering(undefined) } })).toMatchObject({ attempts: 3 });
    expect(await ask([418], { retry: { limit: 2, shouldRetry: answering(undefined) } })).toMatchObject({ attempts: 1 });
  });

  test('sees ky’s HTTPError and counts from 1', async () => {
    const seen: ShouldRetryState[] = [];
    await ask([503], { retry: { limit: 2, shouldRetry: answering(undefined, seen) } });
    expect(seen.map(({ retryCount }) => retryCount)).toEqual([1, 2, 3]);
    expect(seen.every(({ error }) => isHTTPError(error) && error.response.status === 503)).toBe(true);
  });

  test('sees ky’s NetworkError', async () => {
    const server = await serveSockets((socket) => socket.resetAndDestroy());
    const seen: ShouldRetryState[] = [];
    const api = ky.extend({ hooks: { init: [paceKy(eager().pace)] } });
    await api(server.url, { retry: { shouldRetry: answering(false, seen) } }).catch(() => {});
    expect(seen.map(({ error }) => [isNetworkError(error), error.cause instanceof TypeError])).toEqual([[true, true]]);
  });

  test('sees ky’s TimeoutError', async () => {
    const server = await serve(() => {});
    const seen: ShouldRetryState[] = [];
    const api = ky.extend({ hooks: { init: [paceKy(eager().pace)] } });
    await api(server.url, { timeout: 100, retry: { shouldRetry: answering(false, seen) } }).catch(() => {});
    expect(seen.map(({ error }) => isTimeoutError(error))).toEqual([true]);
  });

  test('is not asked about a success', async () => {
    const seen: ShouldRetryState[] = [];
    await ask([200], { retry: { shouldRetry: answering(true, seen) } });
    expect(seen).toEqual([]);
  });

  test('is not waited for: a promise leaves it to the built-in rule, with a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const shouldRetry = async (): Promise<boolean> => Promise.reject(new Error('unheard'));
    expect(await ask([503], { retry: { limit: 1, shouldRetry } })).toMatchObject({ attempts: 2 });
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test('rejects the call with what it throws', async () => {
    const server = await serve(status(503));
    const shouldRetry = (): never => {
      throw new Error('a bug of the user');
    };
    const api = ky.extend({ hooks: { init: [paceKy(eager().pace)] } });
    await expect(api(server.url, { retry: { shouldRetry } })).rejects.toThrow('a bug of the user');
  });
});

describe('retryOnTimeout', () => {
  test.each<[boolean | undefined, number]>([
    [undefined, 2],
    [true, 2],
    [false, 1],
  ])('%o', async (retryOnTimeout, attempts) => {
    const server = await serve(() => {});
    const api = ky.extend({ hooks: { init: [paceKy(eager().pace)] } });
    const retry = retryOnTimeout === undefined ? { limit: 1 } : { limit: 1, retryOnTimeout };
    await api(server.url, { timeout: 100, retry }).catch(() => {});
    expect(server.requests).toHaveLength(attempts);
  });
});
