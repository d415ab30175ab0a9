import type { Attributes } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  type Sampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createPaceline, type Paceline, perSecond } from '@paceline/core';
import { paceFetch } from '@paceline/fetch';
import { instrument } from '@paceline/otel';
import { interleave, type Timed } from '../measure/interleave.ts';
import { AT_ONCE, fiftyAtOnce, oneByOne } from '../measure/patterns.ts';
import { digits, spread } from '../measure/summary.ts';
import { startServer } from '../peers/start-server.ts';
import { ANSWER, paced } from '../peers/wrappers.ts';
import type { Table } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

const ALWAYS = 1e9;

/** Short, so that most rounds fit between two turns of other processes. */
const SHORT = { rounds: 301, roundMs: 3 };

/** Somebody who watches an engine. */
interface Watcher {
  readonly name: string;
  watch(pace: Paceline): void;
}

const nobody: Watcher = { name: 'nobody', watch: () => {} };

const metrics: Watcher = {
  name: 'OpenTelemetry, metrics',
  watch: (pace) => instrument(pace, { meterProvider: meterProvider(), tracerProvider: false }),
};

const both: Watcher = {
  name: 'OpenTelemetry, metrics and spans',
  watch: (pace) =>
    instrument(pace, { meterProvider: meterProvider(), tracerProvider: tracerProvider(new AlwaysOnSampler()) }),
};

const unsampled: Watcher = {
  name: 'OpenTelemetry, metrics and no span sampled',
  watch: (pace) =>
    instrument(pace, { meterProvider: meterProvider(), tracerProvider: tracerProvider(new AlwaysOffSampler()) }),
};

/** What it costs to be watched: where nothing is waited for, and beside a request that goes over a socket. */
export async function telemetry(effort: Effort): Promise<readonly Table[]> {
  return [await overNothing(effort), await overHttp(effort)];
}

async function overNothing(effort: Effort): Promise<Table> {
  const rounds = effort === 'quick' ? { rounds: 3, roundMs: 10 } : SHORT;
  const watchers: readonly Watcher[] = [
    nobody,
    {
      name: 'a listener of retries, refusals and holds',
      watch: (pace) => pace.subscribe(() => {}, ['retry', 'refused', 'held']),
    },
    { name: 'a listener of all events', watch: (pace) => pace.subscribe(() => {}) },
    metrics,
    unsampled,
    both,
  ];
  const task = async (): Promise<typeof ANSWER> => ANSWER;
  const calls = watchers.map(({ name, watch }) => {
    const send = paced(watched(watch));
    return oneByOne(name, () => send(task));
  });
  const timings = await interleave([...calls, ...sdkAlone()], rounds);
  return {
    title: 'Being watched',
    intro:
      'One call through limits that never bind, by who watches the engine. The last rows are what the OpenTelemetry SDK takes for what any instrumentation of an attempt asks of it, without Paceline.',
    columns: ['watched by', 'ns', 'ratio'],
    rows: timings.map(({ name, ns, ratio }) => [name, digits(ns.median), spread(ratio)]),
  };
}

async function overHttp(effort: Effort): Promise<Table> {
  const rounds = effort === 'quick' ? { rounds: 2, roundMs: 20 } : SHORT;
  const { url, stop } = await startServer();
  try {
    const clients = [nobody, metrics, both].map(({ name, watch }) => {
      const pacedFetch = paceFetch(watched(watch));
      return { name, get: async (): Promise<unknown> => (await pacedFetch(url)).json() };
    });
    const alone = await interleave(
      clients.map(({ name, get }) => oneByOne(name, get)),
      rounds,
    );
    const crowd = await interleave(
      clients.map(({ name, get }) => fiftyAtOnce(name, get)),
      rounds,
    );
    return {
      title: 'Being watched, over HTTP',
      intro: `The same with fetch and a small JSON answer from a server on loopback, keep-alive, body read: one after the other, and ${AT_ONCE} at a time.`,
      columns: ['watched by', 'µs, one by one', 'ratio', `µs a request, ${AT_ONCE} at a time`, 'ratio'],
      rows: alone.map(({ name, ns, ratio }, index) => {
        const many = crowd[index];
        if (many === undefined) return [name];
        return [
          name,
          digits(ns.median / 1000),
          spread(ratio),
          digits(many.ns.median / 1000 / AT_ONCE),
          spread(many.ratio),
        ];
      }),
    };
  } finally {
    await stop();
  }
}

function watched(watch: Watcher['watch']): Paceline {
  const pace = createPaceline({ defaults: { rate: perSecond(ALWAYS), concurrency: ALWAYS } });
  watch(pace);
  return pace;
}

/** One sample of a histogram and one span, with the attributes of an attempt. */
function sdkAlone(): Timed[] {
  const attributes: Attributes = {
    'http.request.method': 'GET',
    'server.address': 'api.example.com',
    'server.port': 443,
    'http.response.status_code': 200,
  };
  const histogram = meterProvider().getMeter('bench').createHistogram('duration');
  const tracer = tracerProvider(new AlwaysOnSampler()).getTracer('bench');
  return [
    oneByOne('the SDK alone: a sample of a histogram', async () => histogram.record(0.1, attributes)),
    oneByOne('the SDK alone: a span', async () => tracer.startSpan('GET', { attributes }).end()),
  ];
}

function meterProvider(): MeterProvider {
  return new MeterProvider({ readers: [new PrometheusExporter({ preventServerStart: true })] });
}

/** Whose spans are batched as usual, and then go nowhere. */
function tracerProvider(sampler: Sampler): TracerProvider {
  const exporter = {
    export: (_spans: unknown, done: (result: { code: 0 }) => void) => done({ code: 0 }),
    shutdown: async () => {},
  };
  return new TracerProvider({ sampler, spanProcessors: [new BatchSpanProcessor({ exporter })] });
}
