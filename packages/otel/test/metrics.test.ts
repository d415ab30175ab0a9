import { constant, perSecond } from '@paceline/core';
import { instrument } from '@paceline/otel';
import { describe, expect, test } from 'vitest';
import { type CallFields, type Step, type World, worldOf } from './world.ts';

const DURATION = 'http.client.request.duration';
const SERVER = { 'http.request.method': 'GET', 'server.address': 'api.test', 'server.port': 443 };

/** A world that reports metrics only. */
function measured(options: Parameters<typeof worldOf>[0] = {}, maxHosts?: number): World {
  const world = worldOf(options);
  const { pace, meterProvider } = world;
  instrument(pace, { meterProvider, tracerProvider: false, ...(maxHosts !== undefined && { maxHosts }) });
  return world;
}

async function durationOf(step: Step, fields: CallFields = {}) {
  const world = measured({ defaults: { retry: false } });
  void world.call(step, fields);
  await world.clock.advance(60_000);
  return world.points(DURATION);
}

describe('the duration of an attempt', () => {
  test('is a histogram in seconds, with the required attributes of the conventions', async () => {
    const world = measured();
    void world.call({ afterMs: 250 });
    await world.clock.advance(250);
    expect(await world.points(DURATION)).toEqual([
      { attributes: { ...SERVER, 'http.response.status_code': 200 }, value: { count: 1, sum: 0.25 } },
    ]);
  });

  test('is taken for each attempt by itself, without queue and backoff, and says nothing of how often it was sent', async () => {
    const world = measured({ defaults: { rate: perSecond(1), retry: { backoff: constant(5_000) } } });
    void world.call();
    void world.call([{ status: 503, afterMs: 100 }, { afterMs: 200 }]);
    await world.clock.advance(10_000);
    expect(await world.points(DURATION)).toEqual([
      { attributes: { ...SERVER, 'http.response.status_code': 200 }, value: { count: 2, sum: 0.2 } },
      {
        attributes: { ...SERVER, 'http.response.status_code': 503, 'error.type': '503' },
        value: { count: 1, sum: 0.1 },
      },
    ]);
  });

  test('is taken for both attempts of a hedged call, up to the end of each', async () => {
    const world = measured({ defaults: { hedge: { afterMs: 500, ratio: 1 } } });
    void world.call([{ afterMs: 5_000 }, { afterMs: 250 }]);
    await world.clock.advance(10_000);
    expect(await world.points(DURATION)).toEqual([
      { attributes: { ...SERVER, 'error.type': 'cancelled' }, value: { count: 1, sum: 0.75 } },
      { attributes: { ...SERVER, 'http.response.status_code': 200 }, value: { count: 1, sum: 0.25 } },
    ]);
  });

  const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
  test.each([
    ['an error with a code', Object.assign(new Error('boom at /x?token=1'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['an error whose cause has a code', refused, 'ECONNREFUSED'],
    ['an error with a name only', new TypeError('Failed to fetch https://api.test/?token=1'), 'TypeError'],
    ['a legacy code that is a number', new DOMException('', 'NetworkError'), 'NetworkError'],
    ['a code that is a sentence', Object.assign(new Error(), { code: 'id 4711' }), 'Error'],
    ['what is no error', 'boom', '_OTHER'],
  ])('tells %s as its type, and never a message', async (_, error, type) => {
    const points = await durationOf({ error });
    expect(points.map(({ attributes }) => attributes)).toEqual([{ ...SERVER, 'error.type': type }]);
  });

  test('tells no more than 50 types of errors', async () => {
    const world = measured({ defaults: { retry: false } });
    for (let kind = 0; kind < 60; kind += 1)
      void world.call({ error: Object.assign(new Error(), { code: `E${kind}` }) });
    await world.clock.settle();
    const points = await world.points(DURATION);
    expect(points).toHaveLength(51);
    expect(points.at(-1)).toMatchObject({ attributes: { 'error.type': '_OTHER' }, value: { count: 10 } });
  });

  test('ends with its own timeout', async () => {
    const [point] = await durationOf({ afterMs: 50_000 }, { options: { attemptMs: 4_000 } });
    expect(point?.attributes).toEqual({ ...SERVER, 'error.type': 'ATTEMPT_TIMEOUT' });
  });

  test('ends with the time of its call', async () => {
    const [point] = await durationOf({ afterMs: 50_000 }, { options: { totalMs: 4_000 } });
    expect(point?.attributes).toEqual({ ...SERVER, 'error.type': 'TOTAL_TIMEOUT' });
  });

  test('ends when the caller gives up', async () => {
    const world = measured();
    const controller = new AbortController();
    void world.call({ afterMs: 50_000 }, { signal: controller.signal });
    await world.clock.advance(1_500);
    controller.abort();
    await world.clock.advance(60_000);
    expect(await world.points(DURATION)).toEqual([
      { attributes: { ...SERVER, 'error.type': 'aborted' }, value: { count: 1, sum: 1.5 } },
    ]);
  });

  test.each([
    ['http://api.test/x', { 'server.address': 'api.test', 'server.port': 80 }],
    ['https://API.test:8443/x', { 'server.address': 'api.test', 'server.port': 8443 }],
    ['https://user:secret@api.test?q=1', { 'server.address': 'api.test', 'server.port': 443 }],
    ['http://[::1]:8080/', { 'server.address': '::1', 'server.port': 8080 }],
  ])('of %s names the server', async (url, server) => {
    const [point] = await durationOf({}, { url });
    expect(point?.attributes).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 200, ...server });
  });

  test('tells a method that nobody knows as _OTHER, unless it was made known', async () => {
    const world = worldOf();
    const { pace, meterProvider } = world;
    const end = instrument(pace, { meterProvider });
    await world.call({}, { method: 'BREW' });
    end();
    instrument(pace, { meterProvider, knownMethods: ['BREW'] });
    await world.call({}, { method: 'BREW' });
    const methods = (await world.points(DURATION)).map(({ attributes }) => attributes['http.request.method']);
    expect(methods).toEqual(['_OTHER', 'BREW']);
  });
});

describe('the counters', () => {
  test('count retries by reason', async () => {
    const world = measured({ defaults: { hints: false, budget: false } });
    void world.call([{ status: 429 }, { status: 503 }, { error: new Error('lost') }, {}]);
    void world.call([{ status: 503 }, {}]);
    await world.clock.runAll();
    expect(await world.points('paceline.retries')).toEqual([
      { attributes: { 'paceline.host': 'api.test', 'paceline.retry.reason': 'throttled' }, value: 1 },
      { attributes: { 'paceline.host': 'api.test', 'paceline.retry.reason': 'status' }, value: 2 },
      { attributes: { 'paceline.host': 'api.test', 'paceline.retry.reason': 'network' }, value: 1 },
    ]);
  });

  test('count refusals by code', async () => {
    const world = measured({ defaults: { concurrency: 1, queue: { maxLength: 1, maxWaitMs: 1_000 } } });
    for (let call = 0; call < 4; call += 1) void world.call({ afterMs: 5_000 });
    await world.clock.advance(5_000);
    expect(await world.points('paceline.refusals')).toEqual([
      { attributes: { 'paceline.host': 'api.test', 'paceline.refusal.code': 'QUEUE_FULL' }, value: 2 },
      { attributes: { 'paceline.host': 'api.test', 'paceline.refusal.code': 'QUEUE_TIMEOUT' }, value: 1 },
    ]);
  });

  test('time the waits of those that had to wait', async () => {
    const world = measured({ defaults: { rate: perSecond(1) } });
    for (let call = 0; call < 3; call += 1) void world.call();
    await world.clock.advance(2_000);
    const [point] = await world.points('paceline.queue.wait');
    expect(point?.attributes).toEqual({ 'paceline.host': 'api.test' });
    expect(point?.value).toMatchObject({ count: 2, sum: expect.closeTo(3, 1) });
  });
});

describe('the gauges', () => {
  test('tell what the snapshot tells at the moment of the collection', async () => {
    const world = measured({ defaults: { rate: perSecond(2), concurrency: 3, budget: {} } });
    for (let call = 0; call < 5; call += 1) void world.call({ afterMs: 10_000 });
    await world.clock.advance(100);
    world.pace.hold('api.test', 2_500);
    void world.call({ afterMs: 10_000 }, { url: 'https://free.test/' });

    const [held, free] = world.pace.snapshot().lanes;
    const valuesOf = async (metric: string) => (await world.points(metric)).map(({ value }) => value);
    expect(await valuesOf('paceline.queue.depth')).toEqual([3, 0]);
    expect(await valuesOf('paceline.in_flight')).toEqual([2, 1]);
    expect(await valuesOf('paceline.backing_off')).toEqual([0, 0]);
    expect(await valuesOf('paceline.hold.remaining')).toEqual([2.5, 0]);
    expect(await valuesOf('paceline.tokens')).toEqual([held, free].map((lane) => lane?.buckets[0]?.tokens));
    expect(await valuesOf('paceline.budget.balance')).toEqual([held?.budget, free?.budget]);
  });

  test('leave out what is unlimited', async () => {
    const world = measured({ defaults: { budget: false } });
    void world.call({ afterMs: 1_000 });
    expect(await world.metrics()).toEqual([
      'paceline.queue.depth',
      'paceline.in_flight',
      'paceline.backing_off',
      'paceline.hold.remaining',
    ]);
  });

  test('of several rates tell the emptiest bucket and the slowest', async () => {
    const world = measured({ defaults: { rate: [perSecond(10), { limit: 3, perMs: 60_000, burst: 3 }] } });
    void world.call();
    expect((await world.points('paceline.tokens')).map(({ value }) => value)).toEqual([2]);
    expect((await world.points('paceline.rate')).map(({ value }) => value)).toEqual([0.05]);
  });

  test('tell the pace of a host that is not well', async () => {
    const world = measured({ defaults: { retry: false, hints: false } });
    expect(await world.points('paceline.paced_rate')).toEqual([]);
    for (let calls = 0; calls < 20; calls += 1) void world.call({ status: 503 });
    await world.clock.settle();
    const [lane] = world.pace.snapshot().lanes;
    expect(lane?.pace?.perSecond).toBeGreaterThan(0);
    expect((await world.points('paceline.paced_rate')).map(({ value }) => value)).toEqual([lane?.pace?.perSecond]);
  });

  test('follow a policy that changes', async () => {
    const world = measured({ defaults: { rate: perSecond(10) } });
    void world.call();
    world.pace.configure({ hosts: { 'api.test': { rate: perSecond(4) } } });
    expect((await world.points('paceline.rate')).map(({ value }) => value)).toEqual([4]);
  });
});

describe('hosts beyond the bound', () => {
  test('are added up as other, in every metric; the first keep their names', async () => {
    const world = measured({ hosts: { 'b.test': { rate: perSecond(5) }, 'c.test': { rate: perSecond(7) } } }, 1);
    for (const host of ['a.test', 'b.test', 'c.test', 'd.test']) {
      void world.call([{ status: 503 }, { afterMs: 1_000_000 }], { url: `https://${host}/` });
    }
    await world.clock.advance(30_000);
    world.pace.hold('b.test', 1_000);
    world.pace.hold('c.test', 9_000);

    const other = { 'paceline.host': 'other' };
    expect(await world.points('paceline.in_flight')).toEqual([
      { attributes: { 'paceline.host': 'a.test' }, value: 1 },
      { attributes: other, value: 3 },
    ]);
    expect(await world.points('paceline.tokens')).toEqual([{ attributes: other, value: 12 }]);
    expect(await world.points('paceline.rate')).toEqual([{ attributes: other, value: 12 }]);
    expect(await world.points('paceline.hold.remaining')).toContainEqual({ attributes: other, value: 9 });
    expect(await world.points('paceline.retries')).toContainEqual({
      attributes: { ...other, 'paceline.retry.reason': 'status' },
      value: 3,
    });
    const servers = (await world.points(DURATION)).map(({ attributes }) => attributes['server.address']);
    expect(servers).toEqual(['a.test', 'other']);
  });

  test('cost no memory each: a crawler of 5 000 hosts leaves the bounded series', async () => {
    const world = measured({ maxLanes: 10 }, 100);
    for (let host = 0; host < 5_000; host += 1) await world.call({}, { url: `https://h${host}.test/` });
    expect(await world.points(DURATION)).toHaveLength(101);
    const last = (await world.points(DURATION)).at(-1);
    expect(last).toMatchObject({ attributes: { 'server.address': 'other' }, value: { count: 4_900 } });
  });
});
