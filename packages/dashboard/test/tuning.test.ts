import { createPaceline, immediate, perMinute, perSecond } from '@paceline/core';
import { expect, test } from 'vitest';
import type { ChangeView, Frame } from '../src/wire/views.ts';
import { post } from './ask.ts';
import { answered, HOST, servedFor, worldOf } from './world.ts';

/** What a new watcher is told at once. */
async function firstFrame(url: string): Promise<Frame> {
  const abort = new AbortController();
  const response = await fetch(`${url}events`, { signal: abort.signal });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('\n\n')) break;
  }
  abort.abort();
  return JSON.parse(text.slice('data: '.length)) as Frame;
}

async function changesAt(url: string): Promise<readonly ChangeView[]> {
  return (await firstFrame(url)).changes ?? [];
}

test('a change applies at once, says what it changed, and is undone', async () => {
  const { pace, dashboard } = await worldOf({
    hosts: { [HOST]: { rate: perSecond(10), retry: { backoff: immediate }, budget: {} } },
  });
  const before = pace.policyOf(HOST);
  const settings = {
    rate: [{ limit: 20, perMs: 1000, burst: 5 }],
    concurrency: 7,
    retry: { maxRetries: 1 },
    budget: { ratio: 0.5 },
  };
  expect((await post(`${dashboard.url}tune`, { host: HOST, settings })).status).toBe(200);
  expect(pace.policyOf(HOST)).toEqual({
    ...before,
    rate: [{ limit: 20, perMs: 1000, burst: 5 }],
    concurrency: 7,
    retry: { ...before.retry, maxRetries: 1 },
    budget: { ...before.budget, ratio: 0.5 },
  });
  const [change] = await changesAt(dashboard.url);
  expect(change).toMatchObject({
    host: HOST,
    did: 'tune',
    undoable: true,
    what: [
      'rate 10/s → 20/s',
      "burst a second's worth → 5",
      'concurrency unlimited → 7',
      'retries 3 → 1',
      'budget 0.2 per call + 1/s → 0.5 per call + 1/s',
    ],
  });
  expect((await post(`${dashboard.url}undo`, { id: change!.id })).status).toBe(200);
  expect(pace.policyOf(HOST)).toEqual(before);
  expect(await changesAt(dashboard.url)).toMatchObject([{ undone: true, undoable: false }]);
  expect((await post(`${dashboard.url}undo`, { id: change!.id })).status).toBe(409);
});

test('what was unlimited or off becomes so again', async () => {
  const { pace, dashboard } = await worldOf({ defaults: { retry: false, budget: false } });
  const settings = {
    rate: [{ limit: 5, perMs: 1000, burst: null }],
    concurrency: 1,
    retry: { maxRetries: 9 },
    budget: {},
  };
  await post(`${dashboard.url}tune`, { host: HOST, settings });
  expect(pace.snapshot().lanes[0]).toMatchObject({ concurrency: 1, buckets: [{ perSecond: 5, burst: 5 }] });
  const [change] = await changesAt(dashboard.url);
  await post(`${dashboard.url}undo`, { id: change!.id });
  expect(pace.snapshot().lanes[0]).toMatchObject({ concurrency: null, buckets: [], budget: null });
  expect(pace.policyOf(HOST).retry).toBe(false);
});

test('a host of a wildcard keeps the rest of what the wildcard says', async () => {
  const { pace, dashboard } = await worldOf({
    defaults: { concurrency: 1, retry: { maxRetries: 9 } },
    hosts: { '*.example.com': { concurrency: 4, retry: { backoff: immediate }, rate: perMinute(600, { burst: 3 }) } },
  });
  await answered(pace, 'https://other.example.com/');
  await post(`${dashboard.url}tune`, { host: HOST, settings: { retry: { maxRetries: 2 } } });
  expect(pace.policyOf(HOST)).toMatchObject({
    concurrency: 4,
    rate: { limit: 600, burst: 3 },
    retry: { maxRetries: 2, backoff: immediate },
  });
  expect(pace.policyOf('other.example.com').retry).toMatchObject({ maxRetries: 9 });
});

test('a slider on its way is one change, and the later one is undone first', async () => {
  const { pace, dashboard } = await worldOf();
  const tune = (settings: object): Promise<unknown> => post(`${dashboard.url}tune`, { host: HOST, settings });
  for (const concurrency of [2, 3, 4]) await tune({ concurrency });
  await tune({ retry: { maxRetries: 0 } });
  await tune({ concurrency: 9 });
  const changes = await changesAt(dashboard.url);
  expect(changes.map(({ what, undoable }) => [what.join(), undoable])).toEqual([
    ['concurrency 4 → 9', true],
    ['retries 3 → 0', true],
    ['concurrency unlimited → 4', false],
  ]);
  expect((await post(`${dashboard.url}undo`, { id: changes[2]!.id })).status).toBe(409);
  await post(`${dashboard.url}undo`, { id: changes[0]!.id });
  expect(pace.policyOf(HOST).concurrency).toBe(4);
  await post(`${dashboard.url}undo`, { id: changes[2]!.id });
  expect(pace.policyOf(HOST).concurrency).toBe(Infinity);
  expect(pace.policyOf(HOST).retry).toMatchObject({ maxRetries: 0 });
});

test('a host is held and released', async () => {
  const { pace, dashboard } = await worldOf();
  await post(`${dashboard.url}hold`, { host: HOST, ms: 60_000 });
  expect(pace.snapshot().lanes[0]?.holdMs).toBeGreaterThan(50_000);
  await post(`${dashboard.url}release`, { host: HOST });
  expect(pace.snapshot().lanes[0]?.holdMs).toBe(0);
  expect((await changesAt(dashboard.url)).map(({ did, what }) => [did, ...what])).toEqual([
    ['release', 'hold ended'],
    ['hold', 'held for 60 s'],
  ]);
});

test('a key that is no host cannot have a policy of its own, and says so', async () => {
  const pace = createPaceline({ keyOf: () => 'a tenant' });
  await answered(pace, 'https://api.example.com/');
  const { url } = await servedFor(pace, { tune: true });
  const { status, text } = await post(`${url}tune`, { host: 'a tenant', settings: { concurrency: 1 } });
  expect(status).toBe(400);
  expect(text).toContain("hosts['a tenant']: expected a host");
});
