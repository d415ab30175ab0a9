import { createPaceline } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import { failures } from '@paceline/msw';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { API, createShop, policy } from './shop.ts';

// The API when it is well, as in any test with MSW.
const server = setupServer(
  http.get(`${API}/articles`, () => HttpResponse.json(['lamp', 'chair'])),
  http.post(`${API}/orders`, () => new HttpResponse(null, { status: 201 })),
);
beforeAll(() => server.listen());
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test('nobody notices a 503 and a broken connection', async () => {
  const { handler, journal } = failures({ first: [503, 'reset'] });
  server.use(handler);

  const shop = createShop(createPaceline({ defaults: policy }));

  expect(await shop.articles()).toEqual(['lamp', 'chair']);
  expect(journal.entries.map((entry) => entry.answer)).toEqual([503, 'reset', 'passed']);
});

test('an order whose answer got lost is sent again with the same key', async () => {
  const { handler, journal } = failures({ method: 'POST', firstOfEachCall: ['reset'] }, { recordBodies: true });
  server.use(handler);

  const shop = createShop(createPaceline({ defaults: policy }));
  await shop.order('lamp');

  expect(Object.values(journal.attempts())).toEqual([2]);
  expect(journal.entries.map((entry) => entry.body)).toEqual(['{"article":"lamp"}', '{"article":"lamp"}']);
});

test('the API is down for an hour: the shop shows what it knew', async () => {
  const clock = virtualClock();
  const { handler, journal } = failures({ outages: [{ fromMs: 60_000, toMs: 3_660_000 }] }, { clock });
  server.use(handler);

  const shop = createShop(createPaceline({ defaults: { ...policy, retry: false }, clock }));
  await shop.articles();
  await clock.advance(60_000);
  expect(await shop.articles()).toEqual(['lamp', 'chair']);
  await clock.advance(3_600_000);
  expect(await shop.articles()).toEqual(['lamp', 'chair']);

  expect(journal.entries.map((entry) => entry.answer)).toEqual(['passed', 503, 'passed']);
});

test('eight calls meet a quota of five: all are answered, three of them later', async () => {
  const { handler, journal } = failures({ quota: { limit: 5, perMs: 1_000, headers: 'retry-after' } });
  server.use(handler);

  const shop = createShop(createPaceline({ defaults: policy }));
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.articles()));

  expect(answers).toEqual(Array(8).fill(['lamp', 'chair']));
  expect(journal.count((entry) => entry.answer === 429)).toBe(3);
});
