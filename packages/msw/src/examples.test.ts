// The examples of the README and of docs/failure-kit.md, as docs.test.ts makes sure.
import { createPaceline, perSecond } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import { paceFetch } from '@paceline/fetch';
import { failures } from '@paceline/msw';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const server = setupServer(http.get('https://api.example.com/users', () => HttpResponse.json(['Ada', 'Grace'])));
beforeAll(() => server.listen());
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test('users are loaded although the API stumbles', async () => {
  const { handler, journal } = failures({ first: [503, 'reset'] });
  server.use(handler);

  const pacedFetch = paceFetch(createPaceline());
  const response = await pacedFetch('https://api.example.com/users');

  expect(await response.json()).toEqual(['Ada', 'Grace']);
  expect(journal.entries.map((entry) => entry.answer)).toEqual([503, 'reset', 'passed']);
});

test('each order is created once', async () => {
  const { handler, journal } = failures(
    { method: 'POST', firstOfEachCall: [503] },
    { handlers: [http.post('https://api.example.com/orders', () => new HttpResponse(null, { status: 201 }))] },
  );
  server.use(handler);

  const pacedFetch = paceFetch(createPaceline());
  const order = (key: string): Promise<Response> =>
    pacedFetch('https://api.example.com/orders', { method: 'POST', headers: { 'Idempotency-Key': key } });
  await Promise.all([order('a'), order('b')]);

  expect(journal.attempts()).toEqual({ a: 2, b: 2 });
  expect(journal.count((entry) => entry.answer === 201)).toBe(2);
});

test('a page that breaks off is not taken for the whole', async () => {
  const half = { body: JSON.stringify(['Ada', 'Grace']), cutAfter: 8 };
  const { handler } = failures({ first: [half] });
  server.use(handler);

  const response = await fetch('https://api.example.com/users');

  expect(response.status).toBe(200);
  await expect(response.json()).rejects.toThrow();
});

test('the outage of an hour is over after an hour', async () => {
  const clock = virtualClock();
  const { handler } = failures({ outages: [{ toMs: 3_600_000 }] }, { clock });
  server.use(handler);

  expect((await fetch('https://api.example.com/users')).status).toBe(503);
  await clock.advance(3_600_000);
  expect((await fetch('https://api.example.com/users')).status).toBe(200);
});

test('a client that is told the quota meets no refusal', async () => {
  const clock = virtualClock();
  const { handler, journal } = failures(
    { quota: { kind: 'token-bucket', limit: 10, perMs: 1_000, headers: ['retry-after', 'x-ratelimit'] } },
    { clock },
  );
  server.use(handler);

  const pacedFetch = paceFetch(createPaceline({ clock, defaults: { rate: perSecond(10), burst: 10 } }));
  const calls = Array.from({ length: 40 }, () => pacedFetch('https://api.example.com/users'));
  for (let arrived = 10; arrived <= 40; arrived += 1) {
    await journal.arrived(arrived);
    await clock.advance(110);
  }
  await Promise.all(calls);

  expect(journal.count((entry) => entry.answer === 429)).toBe(0);
  expect(journal.peak(1_000)).toBeLessThanOrEqual(20);
});

test('a tenth fails, and in every run the same tenth', async () => {
  const { handler, journal } = failures({ errors: { share: 0.1, answer: 'network-error' }, seed: 3 });
  server.use(handler);

  const outcomes: boolean[] = [];
  for (let call = 0; call < 20; call += 1) {
    outcomes.push(
      await fetch('https://api.example.com/users').then(
        () => true,
        () => false,
      ),
    );
  }

  expect(journal.entries.map((entry) => entry.answer === 'passed')).toEqual(outcomes);
});

test('the client does not wait for ever', async () => {
  const { handler, journal } = failures({ first: ['hang'] });
  server.use(handler);

  const signal = AbortSignal.timeout(50);
  await expect(fetch('https://api.example.com/users', { signal })).rejects.toThrow();

  expect(journal.entries).toMatchObject([{ answer: 'hang', aborted: true }]);
});

test('half a minute goes by in no time', async () => {
  const clock = virtualClock();
  const { handler, journal } = failures({ slow: { minMs: 30_000 } }, { clock });
  server.use(handler);

  const answer = fetch('https://api.example.com/users');
  await journal.arrived(1);
  await clock.advance(30_000);

  expect((await answer).status).toBe(200);
});

test('answers tell what is left of the quota', async () => {
  const { handler, journal } = failures(
    { quota: { limit: 60, perMs: 3_600_000, headers: 'x-ratelimit-epoch' } },
    { handlers: [http.get('https://api.example.com/users', () => HttpResponse.json(['Ada', 'Grace']))] },
  );
  server.use(handler);

  const response = await fetch('https://api.example.com/users');

  expect(response.headers.get('x-ratelimit-remaining')).toBe('59');
  expect(journal.entries[0]?.answer).toBe(200);
});
