import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createPaceline, perSecond } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import { instrument } from '@paceline/otel';
import { expect, onTestFinished, test } from 'vitest';

async function serve(exporter: PrometheusExporter): Promise<string> {
  const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

test('Prometheus scrapes every metric over HTTP, with its unit and its labels', async () => {
  const clock = virtualClock();
  const pace = createPaceline({
    clock,
    random: () => 0.5,
    defaults: { rate: perSecond(1), queue: { maxLength: 1 }, budget: {} },
  });
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  onTestFinished(() => meterProvider.shutdown());
  instrument(pace, { meterProvider, tracerProvider: false });
  const url = await serve(exporter);

  let status = 503;
  const call = () =>
    pace.run({
      url: 'https://api.test/items',
      method: 'GET',
      replayable: true,
      send: async () => ({ kind: 'answered', status, value: '', header: () => null, discard: () => {} }) as const,
    });
  for (let calls = 0; calls < 3; calls += 1) void call();
  await clock.settle();
  status = 200;
  await clock.runAll();
  pace.hold('api.test', 2_000);

  const response = await fetch(url);
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n');
  const scope = 'otel_scope_name="@paceline/otel"';
  const sampleOf = (series: string, labels: string): number => {
    const head = `${series}{`;
    const line = lines.find((one) => one.startsWith(head) && labels.split(',').every((label) => one.includes(label)));
    return Number(line?.slice(line.lastIndexOf(' ')));
  };
  expect(lines).toContain('# UNIT http_client_request_duration s');
  const request = 'http_request_method="GET",server_address="api.test",server_port="443"';
  expect(sampleOf('http_client_request_duration_count', `${request},http_response_status_code="200"`)).toBe(2);
  expect(sampleOf('http_client_request_duration_count', `${request},error_type="503"`)).toBe(1);
  const buckets = lines.filter((line) => /^http_client_request_duration_bucket.*status_code="200"/.test(line));
  const boundaries = buckets.map((line) => Number(/le="([\d.]+)"/.exec(line)?.[1])).filter((le) => !Number.isNaN(le));
  expect(boundaries).toEqual([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);
  const host = `paceline_host="api.test",${scope}`;
  expect(sampleOf('paceline_queue_wait_count', host)).toBe(2);
  expect(sampleOf('paceline_retries_total', `${host},paceline_retry_reason="status"`)).toBe(1);
  expect(sampleOf('paceline_refusals_total', `${host},paceline_refusal_code="QUEUE_FULL"`)).toBe(1);
  expect(sampleOf('paceline_hold_remaining', host)).toBe(2);
  for (const gauge of ['queue_depth', 'in_flight', 'backing_off']) expect(sampleOf(`paceline_${gauge}`, host)).toBe(0);
  expect(sampleOf('paceline_rate', host)).toBe(1);
  expect(sampleOf('paceline_tokens', host)).toBe(pace.snapshot().lanes[0]?.buckets[0]?.tokens);
  expect(sampleOf('paceline_budget_balance', host)).toBe(pace.snapshot().lanes[0]?.budget);
});
