import { type Context, context, createContextKey, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Call, createPaceline, type Outcome, type Paceline, type PacelineOptions } from '@paceline/core';
import { seededRandom, type VirtualClock, virtualClock } from '@paceline/core/testing';
import { onTestFinished } from 'vitest';

/** What the server does with one attempt. */
export interface Step {
  readonly afterMs?: number;
  readonly status?: number;
  /** In place of a status. */
  readonly error?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a test says of a call beside its script. */
export type CallFields = Partial<Omit<Call<string>, 'send'>>;

/** One point of a metric. */
export interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of a histogram: count and sum. */
  readonly value: number | { readonly count: number; readonly sum: number };
}

/** An engine on a virtual clock, the real SDK with its in-memory exporters, and Node's context manager. */
export interface World {
  readonly pace: Paceline;
  readonly clock: VirtualClock;
  readonly meterProvider: MeterProvider;
  readonly tracerProvider: TracerProvider;
  /** What was active in each `send`, in order. */
  readonly contexts: Context[];
  /** Starts a call; attempt n gets the n-th step, those beyond the script the last one. Without a script: 200 at once. */
  call(script?: Step | readonly Step[], fields?: CallFields): Promise<Outcome<string>>;
  /** The same within a span of the application's, which it returns. */
  callWithin(name: string, script?: Step | readonly Step[], fields?: CallFields): Span;
  /** All points of a metric, as they are now. */
  points(metric: string): Promise<readonly Point[]>;
  /** Names of all metrics with a point. */
  metrics(): Promise<readonly string[]>;
  /** Ended spans of Paceline's. */
  spans(): readonly ReadableSpan[];
}

export function worldOf(options: PacelineOptions = {}): World {
  useContextManager();
  const clock = virtualClock();
  const pace = createPaceline({ random: seededRandom(1), clock, ...options });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const spanExporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] });
  onTestFinished(() => meterProvider.shutdown());
  const contexts: Context[] = [];

  const call: World['call'] = (script = {}, fields = {}) => {
    const steps = [script].flat() as readonly Step[];
    return pace.run<string>({
      url: 'https://api.test/items',
      method: 'GET',
      replayable: true,
      ...fields,
      send: ({ number, signal }) => {
        contexts.push(context.active());
        return play(steps[number - 1] ?? steps.at(-1) ?? {}, clock, signal);
      },
    });
  };
  const collect = async () => {
    metricExporter.reset();
    await reader.forceFlush();
    return metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  };
  return {
    pace,
    clock,
    meterProvider,
    tracerProvider,
    contexts,
    call,
    callWithin(name, script, fields) {
      const span = tracerProvider.getTracer('app').startSpan(name);
      context.with(trace.setSpan(ROOT_CONTEXT, span), () => void call(script, fields));
      return span;
    },
    async points(metric) {
      const found = (await collect()).find(({ descriptor }) => descriptor.name === metric);
      return (found?.dataPoints ?? []).map(({ attributes, value }) => ({
        attributes,
        value: typeof value === 'number' ? value : { count: value.count, sum: value.sum ?? Number.NaN },
      }));
    },
    metrics: async () =>
      (await collect()).filter(({ dataPoints }) => dataPoints.length > 0).map(({ descriptor }) => descriptor.name),
    spans: () =>
      spanExporter.getFinishedSpans().filter(({ instrumentationScope }) => instrumentationScope.name !== 'app'),
  };
}

/** A key of the application's own. */
export const KEY: symbol = createContextKey('test');

function useContextManager(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => context.disable());
}

function play(step: Step, clock: VirtualClock, signal: AbortSignal | undefined): Promise<Outcome<string>> {
  const { afterMs = 0, status = 200, error, headers = {} } = step;
  const outcome: Outcome<string> =
    error === undefined
      ? { kind: 'answered', status, value: 'body', header: (name) => headers[name], discard: () => {} }
      : { kind: 'failed', error, sent: 'maybe' };
  return new Promise((resolve) => {
    if (afterMs === 0) return resolve(outcome);
    const timer = clock.setTimer(() => resolve(outcome), afterMs);
    signal?.addEventListener('abort', () => timer.cancel(), { once: true });
  });
}
