import { context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { constant, perSecond } from '@paceline/core';
import { instrument } from '@paceline/otel';
import { describe, expect, test } from 'vitest';
import { type CallFields, KEY, type Step, type World, worldOf } from './world.ts';

/** A world that reports spans only. */
function traced(options: Parameters<typeof worldOf>[0] = {}): World {
  const world = worldOf(options);
  instrument(world.pace, { meterProvider: false, tracerProvider: world.tracerProvider });
  return world;
}

const parentsOf = (spans: readonly ReadableSpan[]): unknown[] => spans.map((span) => span.parentSpanContext?.spanId);
const idOf = (span: Span): string => span.spanContext().spanId;

async function spanOf(step: Step, fields: CallFields = {}): Promise<ReadableSpan> {
  const world = traced({ defaults: { retry: false } });
  void world.call(step, fields);
  await world.clock.advance(60_000);
  const [span] = world.spans();
  expect(world.spans()).toHaveLength(1);
  return span!;
}

describe('a hedged call', () => {
  const hedge = { afterMs: 100, ratio: 1 };

  test.each([
    ['first', 150, 2],
    ['second', 1000, 1],
  ])('has two spans, and the one that lost is no error: the %s answers first', async (_, afterMs, lost) => {
    const world = traced({ defaults: { hedge } });
    void world.call([{ afterMs }, { afterMs: 100 }]);
    await world.clock.advance(60_000);
    const spans = world.spans();
    expect(spans.map((span) => [span.attributes['paceline.hedge'], span.attributes['paceline.hedge.lost']])).toEqual(
      lost === 1
        ? [
            [undefined, true],
            [true, undefined],
          ]
        : [
            [true, true],
            [undefined, undefined],
          ],
    );
    for (const span of spans) expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  test('that is aborted ends both', async () => {
    const world = traced({ defaults: { hedge } });
    const stop = new AbortController();
    void world.call({ afterMs: 5_000 }, { signal: stop.signal });
    await world.clock.advance(200);
    stop.abort();
    await world.clock.settle();
    expect(world.spans().map((span) => span.attributes['error.type'])).toEqual(['aborted', 'aborted']);
  });
});

describe('an attempt', () => {
  test('is a client span named by its method, with the required attributes of the conventions', async () => {
    const span = await spanOf({});
    expect(span.name).toBe('GET');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': 'api.test',
      'server.port': 443,
      'url.full': 'https://api.test/items',
      'http.response.status_code': 200,
    });
    expect(span.events).toEqual([]);
  });

  test('shows its URL without query and userinfo', async () => {
    const span = await spanOf({}, { url: 'https://user:secret@api.test/items?token=secret' });
    expect(span.attributes['url.full']).toBe('https://api.test/items');
    expect(JSON.stringify([span.attributes, span.name])).not.toContain('secret');
  });

  test.each([404, 500])('answered by %d is an error by the status alone', async (status) => {
    const span = await spanOf({ status });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span.attributes).toMatchObject({ 'http.response.status_code': status, 'error.type': String(status) });
  });

  test('that fails says of what kind', async () => {
    const span = await spanOf({ error: Object.assign(new Error('x'), { code: 'ECONNRESET' }) });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span.attributes['error.type']).toBe('ECONNRESET');
    expect(span.attributes).not.toHaveProperty('http.response.status_code');
  });

  test.each([
    ['attemptMs', 'ATTEMPT_TIMEOUT'],
    ['totalMs', 'TOTAL_TIMEOUT'],
  ])('that runs into %s ends with %s', async (option, code) => {
    const span = await spanOf({ afterMs: 10_000 }, { options: { [option]: 1_000 } });
    expect(span.attributes['error.type']).toBe(code);
  });

  test('that its caller gives up ends at once', async () => {
    const world = traced();
    const controller = new AbortController();
    void world.call({ afterMs: 10_000 }, { signal: controller.signal });
    controller.abort();
    await world.clock.settle();
    expect(world.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['aborted']);
  });

  test('with a method that nobody knows keeps the original beside _OTHER', async () => {
    const span = await spanOf({}, { method: 'BREW' });
    expect(span.name).toBe('HTTP');
    expect(span.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'BREW',
    });
  });
});

describe("the caller's span", () => {
  test('is the parent of every attempt, whoever is active when it leaves the queue or comes back from its backoff', async () => {
    const world = traced({ defaults: { rate: perSecond(1), retry: { backoff: constant(3_000) } } });
    const first = world.callWithin('first', [{ status: 503 }, {}]);
    const second = world.callWithin('second', [{ status: 503 }, {}]);
    const third = world.callWithin('third');
    await world.clock.runAll();
    expect(parentsOf(world.spans())).toEqual([first, second, third, first, second].map(idOf));
  });

  test('is still active in the send of every attempt', async () => {
    const world = traced({ defaults: { concurrency: 1, retry: { backoff: constant(3_000) } } });
    for (const caller of ['first', 'second']) {
      context.with(ROOT_CONTEXT.setValue(KEY, caller), () => void world.call([{ status: 503, afterMs: 10 }, {}]));
    }
    await world.clock.runAll();
    expect(world.contexts.map((active) => active.getValue(KEY))).toEqual(['first', 'second', 'first', 'second']);
  });

  test('is nobody of a call that waited before there was anybody to see whose it is', async () => {
    const world = worldOf({ defaults: { concurrency: 1 } });
    void world.callWithin('first', { afterMs: 100 });
    world.callWithin('second');
    instrument(world.pace, { meterProvider: false, tracerProvider: world.tracerProvider });
    const third = world.callWithin('third');
    await world.clock.runAll();
    expect(parentsOf(world.spans())).toEqual([idOf(third)]);
  });

  test('is not needed', async () => {
    expect((await spanOf({})).parentSpanContext).toBeUndefined();
  });
});

describe('an attempt that had to wait, or to be made again,', () => {
  test('tells its time in the queue as an event', async () => {
    const world = traced({ defaults: { concurrency: 1 } });
    void world.call({ afterMs: 1_500 });
    void world.call();
    await world.clock.advance(2_000);
    const [atOnce, waited] = world.spans();
    expect(atOnce?.events).toEqual([]);
    expect(waited?.events).toMatchObject([{ name: 'paceline.admitted', attributes: { 'paceline.queue.wait': 1.5 } }]);
  });

  test('counts how often it was sent again, and tells why', async () => {
    const world = traced({ defaults: { hints: false, budget: false } });
    void world.call([{ status: 429 }, { error: new Error('lost') }, {}]);
    await world.clock.runAll();
    const told = world
      .spans()
      .map(({ attributes }) => [attributes['http.request.resend_count'], attributes['paceline.retry.reason']]);
    expect(told).toEqual([
      [undefined, undefined],
      [1, 'throttled'],
      [2, 'network'],
    ]);
  });
});

test('a call that never leaves has no span', async () => {
  const world = traced({ defaults: { concurrency: 1, queue: { maxLength: 0 } } });
  void world.call({ afterMs: 1_000 });
  await world.call();
  expect(world.spans()).toEqual([]);
});
