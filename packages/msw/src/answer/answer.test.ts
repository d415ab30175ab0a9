import { virtualClock } from '@paceline/core/testing';
import axios, { AxiosError } from 'axios';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Failures, failures } from '../failures.ts';
import type { Failure, Scenario } from '../scenario/options.ts';

const URL = 'https://api.example.com/users';
const server = setupServer(http.all(URL, () => HttpResponse.text('own')));
const overHttp = axios.create({ adapter: 'http', responseType: 'text' });

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const FIVE_OF_TEN: Failure = { body: '0123456789', cutAfter: 5 };

function run(scenario: Scenario): Failures & { clock: ReturnType<typeof virtualClock> } {
  const clock = virtualClock();
  const kit = failures(scenario, { clock });
  server.use(kit.handler);
  return { ...kit, clock };
}

/** What fetch throws, and the code below it. */
async function fetchError(init?: RequestInit): Promise<{ error: unknown; code: unknown }> {
  const error: unknown = await fetch(URL, init).catch((thrown: unknown) => thrown);
  const cause = error instanceof Error ? error.cause : undefined;
  return { error, code: cause instanceof Error && 'code' in cause ? cause.code : undefined };
}

const axiosError = (config = {}): Promise<unknown> => overHttp.get(URL, config).catch((thrown: unknown) => thrown);

describe('a status', () => {
  test('reaches fetch and node:http with its headers and no body', async () => {
    run({ first: [429, { status: 503, headers: { 'Retry-After': '7' }, body: 'later' }] });
    const response = await fetch(URL);
    expect([response.status, await response.text()]).toEqual([429, '']);
    const error = await axiosError();
    expect(error).toMatchObject({ response: { status: 503, data: 'later', headers: { 'retry-after': '7' } } });
  });

  test.each([204, 205, 304])('%i needs no body', async (status) => {
    run({ first: [status] });
    expect((await fetch(URL)).status).toBe(status);
  });
});

describe('a network error', () => {
  test('is a TypeError of fetch and an AxiosError without a response', async () => {
    const { journal } = run({ errors: { share: 1, answer: 'network-error' } });
    expect((await fetchError()).error).toBeInstanceOf(TypeError);
    const error = await axiosError();
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).not.toHaveProperty('response');
    expect(journal.entries.map(({ answer }) => answer)).toEqual(['network-error', 'network-error']);
  });
});

describe('a reset', () => {
  test('ends the connection before the headers, with the codes that real ones have', async () => {
    const { journal } = run({ first: ['reset', 'reset'] });
    expect(await fetchError()).toMatchObject({ error: expect.any(TypeError), code: 'UND_ERR_SOCKET' });
    const error = await axiosError();
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(error).not.toHaveProperty('response');
    expect(journal.entries.map(({ answer }) => answer)).toEqual(['reset', 'reset']);
    expect(await (await fetch(URL)).text()).toBe('own');
  });
});

describe('a cut body', () => {
  test('gives fetch the headers, the first bytes, and then an error', async () => {
    const { journal } = run({ first: [FIVE_OF_TEN] });
    const response = await fetch(URL);
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '10']);
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('01234');
    await expect(reader.read()).rejects.toThrow('terminated');
    expect(journal.entries[0]?.answer).toBe('cut');
  });

  test('makes axios over node:http fail with the status it saw', async () => {
    run({ first: [FIVE_OF_TEN] });
    expect(await axiosError()).toMatchObject({ code: 'ERR_BAD_RESPONSE', response: { status: 200 } });
  });
});

describe('a hang', () => {
  test('lasts until the client gives up, which the journal sees', async () => {
    const { journal } = run({ first: ['hang', 'hang'] });
    const giveUp = new AbortController();
    const hung = fetchError({ signal: giveUp.signal });
    await journal.arrived(1);
    giveUp.abort(new Error('enough'));
    expect((await hung).error).toMatchObject({ message: 'enough' });
    expect(await axiosError({ timeout: 20 })).toMatchObject({ code: 'ECONNABORTED' });
    expect(journal.entries).toMatchObject([
      { answer: 'hang', aborted: true },
      { answer: 'hang', aborted: true },
    ]);
    expect(await (await fetch(URL)).text()).toBe('own');
  });
});

describe('a slow answer', () => {
  test('comes after its delay, on the scenario’s clock', async () => {
    const { journal, clock } = run({ slow: { minMs: 3_600_000 } });
    let came = false;
    const answer = fetch(URL).then((response) => {
      came = true;
      return response.text();
    });
    await journal.arrived(1);
    await clock.advance(3_599_999);
    expect([came, journal.entries[0]?.answer]).toEqual([false, undefined]);
    await clock.advance(1);
    expect(await answer).toBe('own');
  });

  test('that nobody waits for leaves no timer, and never asks the handlers behind', async () => {
    let asked = 0;
    server.use(
      http.get(URL, () => {
        asked += 1;
      }),
    );
    const { journal, clock } = run({ slow: { minMs: 1_000 } });
    const giveUp = new AbortController();
    const slow = fetchError({ signal: giveUp.signal });
    await journal.arrived(1);
    expect(clock.timers).toBe(1);
    giveUp.abort();
    await slow;
    expect(journal.entries).toMatchObject([{ aborted: true, answer: undefined, delayMs: 1_000 }]);
    expect(clock.timers).toBe(0);
    await clock.advance(10_000);
    expect(asked).toBe(0);
  });
});
