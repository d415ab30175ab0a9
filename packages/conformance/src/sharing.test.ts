import { createServer, type ServerResponse } from 'node:http';
import { createPaceline, type HostPolicy, type Paceline, perMinute, sharedPaceline } from '@paceline/core';
import { installPace } from '@paceline/fetch';
import { describe, expect, type TestContext, test, vi } from 'vitest';
import type { Client, Send } from './client.ts';
import { axiosOverFetch, axiosOverHttp } from './clients/axios.ts';
import { fetchClient } from './clients/fetch.ts';
import { kyClient } from './clients/ky.ts';
import { expectApart, expectReport } from './expectations.ts';
import { play } from './play/play.ts';
import { virtualTime } from './play/time.ts';
import { requestTo, told } from './requests.ts';
import { SHARING } from './scenarios/sharing.ts';
import { mswStages } from './stage/msw.ts';
import { openUntil, socketStage } from './stage/sockets.ts';
import { arrivalTimes } from './stage/stage.ts';

const BY_NAME: Readonly<Record<string, Client>> = {
  fetch: fetchClient,
  axios: axiosOverHttp,
  'axios-fetch': axiosOverFetch,
  ky: kyClient,
};
const EVERY_CLIENT = Object.values(BY_NAME);

const connectAll = (pace?: Paceline): Send[] => EVERY_CLIENT.map((client) => client.connect(pace));

/** Makes a call with each client, each after the engine has the one before. */
async function callAll(sends: readonly Send[], url: string, pace: Paceline): Promise<Promise<string>[]> {
  const calls: Promise<string>[] = [];
  for (const send of sends) {
    const before = callsOf(pace, url);
    calls.push(told(send(requestTo(url))));
    await vi.waitUntil(() => callsOf(pace, url) > before, { interval: 1 });
  }
  return calls;
}

function callsOf(pace: Paceline, url: string): number {
  return laneOf(pace, url)?.counters.calls ?? 0;
}

function laneOf(pace: Paceline, url: string): ReturnType<Paceline['snapshot']>['lanes'][number] | undefined {
  return pace.snapshot().lanes.find(({ host }) => host === new URL(url).host);
}

const engine = (policy: HostPolicy = {}): Paceline => createPaceline({ defaults: { pace: false, ...policy } });

// Sockets first, as in conformance.ts.
describe('all clients on one engine, over sockets', () => {
  test('the server never has more than the host’s concurrency in hand, and has that much', async (context) => {
    const server = await serveInPairs(context);
    const pace = engine({ concurrency: 2 });
    const sends = connectAll(pace);
    const calls = await Promise.all([1, 2, 3].map(() => callAll(sends, server.url, pace)));
    expect(await Promise.all(calls.flat())).toEqual(Array(12).fill('200, fine'));
    expect(server.peak).toBe(2);
  });

  test('the snapshot shows one lane with the calls of all', async ({ onTestFinished }) => {
    const { origin } = await socketStage([200, 200, 200, 200], onTestFinished);
    const pace = engine();
    await Promise.all(await callAll(connectAll(pace), origin, pace));
    const { lanes } = pace.snapshot();
    expect(lanes).toHaveLength(1);
    expect(lanes[0]).toMatchObject({
      host: new URL(origin).host,
      queued: 0,
      inFlight: 0,
      counters: { calls: 4, attempts: 4, settled: 4 },
      latency: { count: 4 },
    });
  });

  test('one configure moves all, also those who wait', async ({ onTestFinished }) => {
    const { origin, received } = await socketStage([200, 200, 200, 200, 200], onTestFinished);
    const pace = engine({ rate: perMinute(6), burst: 1 });
    const sends = connectAll(pace);
    expect(await told(fetchClient.connect(pace)(requestTo(origin)))).toBe('200, answer 1');
    const calls = await callAll(sends, origin, pace);
    expect(laneOf(pace, origin)).toMatchObject({ queued: 4, inFlight: 0 });
    pace.configure({ defaults: { rate: { limit: Number.POSITIVE_INFINITY, perMs: 1_000 } } });
    expect(laneOf(pace, origin)).toMatchObject({ queued: 0, inFlight: 4 });
    await Promise.all(calls);
    expect(received).toHaveLength(5);
  });

  test('with nothing configured they share as well: a 429 to ky holds all', async ({ onTestFinished }) => {
    const throttled = { status: 429, headers: { 'Retry-After': '1' } };
    const { origin, received } = await socketStage([throttled, 200, 200, 200, 200, 200], onTestFinished);
    const pace = sharedPaceline();
    const order: number[] = [];
    onTestFinished(pace.subscribe((event) => void (event.type === 'attempt' && order.push(event.call))));
    const first = told(kyClient.connect()(requestTo(origin)));
    await vi.waitUntil(() => laneOf(pace, origin)?.holdMs, { interval: 1 });
    const calls = await callAll(connectAll(), origin, pace);
    expect(await first).toMatch(/^200/);
    await Promise.all(calls);
    expect(order).toEqual([1, 1, 2, 3, 4, 5]);
    for (const { at } of received.slice(1)) expect(at - received[0]!.at).toBeGreaterThanOrEqual(1_000);
    expect(pace.snapshot().lanes).toHaveLength(1);
    expect(laneOf(pace, origin)?.counters).toMatchObject({ calls: 5, attempts: 6, retries: { throttled: 1 } });
  });

  test('a paced global fetch under them counts no call twice, and leaves them their one slot', async (context) => {
    const { onTestFinished } = context;
    const { origin, received } = await socketStage([200, 200, 200, 200, 200], onTestFinished);
    const pace = engine({ concurrency: 1 });
    onTestFinished(installPace(pace));
    const global: Send = ({ url }) => fetch(url);
    await Promise.all(await callAll([...connectAll(pace), global], origin, pace));
    expect(received).toHaveLength(5);
    expect(laneOf(pace, origin)?.counters).toMatchObject({ calls: 5, attempts: 5 });
  });
});

describe('all clients on one engine, over MSW', () => {
  const stageOf = mswStages();
  test.for(SHARING)('$name', async (scenario) => {
    const time = virtualTime();
    const stage = stageOf(scenario.server, time.clock);
    const clientOf = (call: string): Client => BY_NAME[call.replace(/-\d+$/, '')]!;
    const report = await play(scenario, clientOf, { stage, time });
    expectReport(report, stage.received, scenario.expected);
    expectApart(arrivalTimes(stage), scenario.expected);
  });
});

/** A server that answers when it has two requests in hand, and lets a third come if it will. */
async function serveInPairs({ onTestFinished }: TestContext): Promise<{ readonly url: string; readonly peak: number }> {
  let inHand: ServerResponse[] = [];
  let peak = 0;
  const server = createServer((_request, response) => {
    inHand.push(response);
    peak = Math.max(peak, inHand.length);
    if (inHand.length === 2) setTimeout(answerAll, 20);
  });
  const answerAll = (): void => {
    for (const response of inHand) response.end('fine');
    inHand = [];
  };
  const url = await openUntil(onTestFinished, server);
  return {
    url,
    get peak() {
      return peak;
    },
  };
}
