import { createServer } from 'node:http';
import { seededRandom, virtualClock } from '@paceline/core/testing';
import { HttpResponse, http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { failures } from './failures.ts';
import type { Scenario } from './scenario/options.ts';

const API = 'https://api.example.com';
const own = http.all(`${API}/*`, () => HttpResponse.json({ from: 'own' }));
const server = setupServer(own);

/** A server beyond MSW, for what MSW lets through. */
const real = createServer((_, response) => response.end('real'));
let realUrl = '';
let unhandled = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve));
  const address = real.address();
  realUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/`;
  server.listen({
    onUnhandledFrame: () => {
      unhandled += 1;
    },
  });
});
afterEach(() => {
  server.resetHandlers();
  unhandled = 0;
});
afterAll(() => {
  server.close();
  real.close();
});

const statusOf = async (path = '/users', init?: RequestInit): Promise<number> => (await fetch(API + path, init)).status;

/** Statuses of `count` requests, one after the other. */
async function statuses(count: number, path?: string): Promise<readonly number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n += 1) all.push(await statusOf(path));
  return all;
}

describe('passing on', () => {
  test('a request without a failure reaches the handlers behind', async () => {
    const { handler, journal } = failures({});
    server.use(handler);
    expect(await (await fetch(`${API}/users`)).json()).toEqual({ from: 'own' });
    expect(journal.entries).toMatchObject([{ answer: 'passed', part: undefined }]);
  });

  test('the body is still there for the handler behind, even if the journal keeps it', async () => {
    const { handler, journal } = failures({}, { recordBodies: true });
    server.use(
      handler,
      http.post(`${API}/echo`, async ({ request }) => HttpResponse.text(await request.text())),
    );
    const response = await fetch(`${API}/echo`, { method: 'POST', body: 'hello' });
    expect(await response.text()).toBe('hello');
    expect(journal.entries[0]?.body).toBe('hello');
  });

  test('a request that nobody takes is reported as unhandled, as if the scenario were not there', async () => {
    const { handler } = failures({});
    server.use(handler);
    expect(await (await fetch(realUrl)).text()).toBe('real');
    expect(unhandled).toBe(1);
  });

  test('requests of another URL or method are neither touched nor counted', async () => {
    const { handler, journal } = failures({ url: `${API}/users`, method: 'POST', first: [500] });
    server.use(handler);
    expect(await statusOf('/users')).toBe(200);
    expect(await statusOf('/orders', { method: 'POST' })).toBe(200);
    expect(journal.entries).toHaveLength(0);
    expect(await statusOf('/users', { method: 'POST' })).toBe(500);
  });
});

describe('your own handlers inside', () => {
  test('their answers are journalled, carry the quota and fall through where they have none', async () => {
    const { handler, journal } = failures(
      { quota: { limit: 2, perMs: 60_000, headers: 'x-ratelimit' } },
      {
        handlers: [
          http.get(`${API}/gone`, () => new HttpResponse(null, { status: 410 })),
          http.get(`${API}/broken`, () => HttpResponse.error()),
        ],
      },
    );
    server.use(handler);
    const gone = await fetch(`${API}/gone`);
    expect([gone.status, gone.headers.get('x-ratelimit-remaining')]).toEqual([410, '1']);
    await expect(fetch(`${API}/broken`)).rejects.toThrow();
    expect(await statuses(1)).toEqual([429]);
    expect(journal.entries.map((entry) => entry.answer)).toEqual([410, 'network-error', 429]);
  });

  test('what they let pass reaches the handlers behind, and passthrough() stays what it is', async () => {
    const inner = [http.get(`${API}/users`, () => undefined), http.get(realUrl, () => passthrough())];
    const { handler, journal } = failures({}, { handlers: inner });
    server.use(handler);
    expect(await statusOf('/users')).toBe(200);
    expect(await (await fetch(realUrl)).text()).toBe('real');
    expect(unhandled).toBe(0);
    expect(journal.entries.map((entry) => entry.answer)).toEqual(['passed', 'passed']);
  });

  test('a response with frozen headers is copied to carry the quota, body and all', async () => {
    const fetched = await fetch(`${API}/users`);
    const { handler } = failures(
      { quota: { limit: 2, perMs: 60_000, headers: 'ratelimit' } },
      { handlers: [http.get(`${API}/copy`, () => fetched)] },
    );
    server.use(handler);
    const copy = await fetch(`${API}/copy`);
    expect(copy.headers.get('ratelimit')).toBe('"default";r=1;t=60');
    expect(await copy.json()).toEqual({ from: 'own' });
  });
});

describe('the first ones', () => {
  test('fail in their order, whatever the call', async () => {
    server.use(failures({ first: [503, { status: 502, body: 'bad', headers: { 'Retry-After': '2' } }] }).handler);
    expect(await statusOf('/a')).toBe(503);
    const second = await fetch(`${API}/b`);
    expect([second.status, second.headers.get('retry-after'), await second.text()]).toEqual([502, '2', 'bad']);
    expect(await statusOf('/c')).toBe(200);
  });

  test('of each call fail by URL, or by Idempotency-Key', async () => {
    server.use(failures({ firstOfEachCall: [500, 503] }).handler);
    expect([await statuses(3, '/a'), await statuses(3, '/b')]).toEqual([
      [500, 503, 200],
      [500, 503, 200],
    ]);
    const keyed = (key: string): Promise<number> => statusOf('/c', { headers: { 'Idempotency-Key': key } });
    expect([await keyed('x'), await keyed('y'), await keyed('x'), await keyed('x')]).toEqual([500, 500, 503, 200]);
  });

  test('come again after restart, with an empty journal', async () => {
    const flaky = failures({ first: [503] });
    server.use(flaky.handler);
    expect(await statuses(2)).toEqual([503, 200]);
    flaky.restart();
    expect(flaky.journal.count()).toBe(0);
    expect(await statuses(2)).toEqual([503, 200]);
  });
});

test('restart takes time back to its beginning, for outages and for the journal', async () => {
  const clock = virtualClock();
  const { handler, journal, restart } = failures({ outages: [{ fromMs: 100, toMs: 200 }] }, { clock });
  server.use(handler);
  await clock.advance(1_000);
  restart();
  expect(await statusOf()).toBe(200);
  await clock.advance(100);
  expect(await statusOf()).toBe(503);
  expect(journal.entries.map(({ at }) => at)).toEqual([0, 100]);
});

test('dates in quota headers come from the scenario’s clock', async () => {
  const clock = virtualClock({ wallMs: Date.UTC(2030, 0, 1) });
  const { handler } = failures({ quota: { limit: 1, perMs: 60_000, headers: 'retry-after-date' } }, { clock });
  server.use(handler);
  await statusOf();
  await clock.advance(59_000);
  expect((await fetch(`${API}/users`)).headers.get('retry-after')).toBe('Tue, 01 Jan 2030 00:01:00 GMT');
});

test('outages last from their first millisecond to the one before their last', async () => {
  const clock = virtualClock();
  const outages = [
    { fromMs: 1_000, toMs: 2_000 },
    { fromMs: 5_000, answer: 502 },
  ];
  server.use(failures({ outages }, { clock }).handler);
  const seen: number[] = [];
  for (const stepMs of [999, 1, 999, 1, 3_000, 1_000_000]) {
    await clock.advance(stepMs);
    seen.push(await statusOf());
  }
  expect(seen).toEqual([200, 503, 503, 200, 502, 502]);
});

describe('random errors', () => {
  const failed = async (scenario: Scenario): Promise<string> => {
    const { handler, journal } = failures(scenario, { handlers: [own] });
    server.use(handler);
    await statuses(60);
    return journal.entries.map(({ answer }) => (answer === 500 ? 'x' : '.')).join('');
  };
  const errors = { share: 0.3, answer: 500 };

  test('hit the same requests in every run with the same seed, and others with another', async () => {
    const run = await failed({ errors, seed: 7 });
    expect(run).toContain('x');
    expect(await failed({ errors, seed: 7 })).toBe(run);
    expect(await failed({ errors, seed: 8 })).not.toBe(run);
  });

  test('hit the same requests when other parts join in', async () => {
    const alone = await failed({ errors, seed: 7 });
    const slow = { minMs: 0, maxMs: 1, share: 0.5 };
    expect(await failed({ errors, slow, seed: 7 })).toBe(alone);
    const afterThree = await failed({ errors, first: [404, 404, 404], seed: 7 });
    expect(afterThree.slice(3)).toBe(alone.slice(3));
  });

  test('do not pick the slow ones', async () => {
    const { handler, journal } = failures({ errors: { share: 0.5 }, slow: { minMs: 1, share: 0.5 } });
    server.use(handler);
    await statuses(40);
    const kinds = journal.entries.map(({ part, delayMs }) => `${part} ${delayMs}`);
    expect(new Set(kinds)).toEqual(new Set(['errors 0', 'errors 1', 'undefined 0', 'undefined 1']));
  });

  test('are all or nothing at the ends', async () => {
    expect(await failed({ errors: { share: 0, answer: 500 } })).toBe('.'.repeat(60));
    expect(await failed({ errors: { share: 1, answer: 500 } })).toBe('x'.repeat(60));
  });
});

describe('composition', () => {
  test('an outage comes before the first ones, they before the quota, and it before chance', async () => {
    const clock = virtualClock();
    const { handler, journal } = failures(
      {
        outages: [{ toMs: 10 }],
        first: [500],
        firstOfEachCall: [501],
        quota: { limit: 2, perMs: 60_000 },
        errors: { share: 1, answer: 502 },
      },
      { clock },
    );
    server.use(handler);
    await statusOf('/a');
    await clock.advance(10);
    for (const path of ['/a', '/a', '/a', '/a', '/a']) await statusOf(path);
    expect(journal.entries.map(({ part, answer }) => [part, answer])).toEqual([
      ['outages', 503],
      ['first', 500],
      ['firstOfEachCall', 501],
      ['errors', 502],
      ['errors', 502],
      ['quota', 429],
    ]);
  });

  test('two scenarios on one server are asked one after the other', async () => {
    server.use(failures({ first: [500] }).handler, failures({ first: [503] }).handler);
    expect(await statuses(3)).toEqual([500, 503, 200]);
  });

  test('quota, 10 % errors and slow answers together keep all three promises', async () => {
    const clock = virtualClock();
    const random = seededRandom(3);
    const { handler, journal } = failures(
      {
        quota: { kind: 'token-bucket', limit: 50, perMs: 1_000, burst: 10 },
        errors: { share: 0.1 },
        slow: { minMs: 100, maxMs: 300 },
      },
      { clock },
    );
    server.use(handler);
    const answers: Promise<number>[] = [];
    for (let n = 1; n <= 200; n += 1) {
      answers.push(statusOf(`/${n}`));
      await journal.arrived(n);
      await clock.advance(random() * 20);
    }
    await clock.advance(300);
    const seen = await Promise.all(answers);
    const admitted = journal.entries.filter(({ part }) => part !== 'quota');
    for (const [first, from] of admitted.entries()) {
      for (const [last, to] of admitted.entries()) {
        const allowed = 10 + ((to.at - from.at) * 50) / 1_000;
        if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6);
      }
    }
    expect(new Set(seen)).toEqual(new Set([200, 429, 503]));
    expect(admitted.every(({ delayMs }) => delayMs >= 100 && delayMs <= 300)).toBe(true);
    expect(journal.count(({ part, delayMs }) => part === 'quota' && delayMs > 0)).toBe(0);
  });
});
