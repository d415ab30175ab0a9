import { once } from 'node:events';
import { Agent, createServer, type Server as HttpServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Attempt, createPaceline, type Outcome, strategies } from '@paceline/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrivalsOf } from '../scenario/arrivals.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from '../scenarios/nominal.ts';
import { strategyNamed } from '../suite/names.ts';
import { gammaOf, randomStream } from './random.ts';
import { simulate } from './simulate.ts';

/** Half as many calls again as the server can serve, for three seconds. */
const overload: Scenario = {
  ...nominal,
  name: 'loopback',
  title: 'A small server on the loopback interface',
  models: 'Overload of a small server.',
  optimum: 'Two thirds of the calls.',
  server: { workers: 10, serviceMs: 100, cv: 0, queueLength: 40, rejectionShare: 0, abandonedWork: 'done' },
  phases: [],
  load: { kind: 'open', processes: 5, perSecond: 150 },
  roundTripMs: 2,
  endMs: 3_000,
};

/** How long each request really kept its worker: timers of a busy machine are late, and the model is to have the same. */
const servedMs: number[] = [];

/** The model's server in earnest: timers for workers, real sockets. */
function openServer(): HttpServer {
  const random = randomStream(1, 'loopback');
  const { workers, serviceMs, cv, queueLength } = overload.server;
  const line: (() => void)[] = [];
  let busy = 0;
  const work = (done: () => void): void => {
    const startedAt = performance.now();
    busy += 1;
    setTimeout(
      () => {
        busy -= 1;
        servedMs.push(performance.now() - startedAt);
        done();
        line.shift()?.();
      },
      gammaOf(serviceMs, cv, random),
    );
  };
  return createServer((_request, response) => {
    const serve = (): void => work(() => response.end('served'));
    if (busy < workers) serve();
    else if (line.length < (queueLength ?? Infinity)) line.push(serve);
    else response.writeHead(503).end();
  });
}

const server = openServer();
const agent = new Agent({ keepAlive: true });
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

function send({ signal }: Attempt): Promise<Outcome<undefined>> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, agent, ...(signal && { signal }) }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve({ kind: 'answered', status, value: undefined, header: () => undefined, discard: () => undefined });
    })
      .on('error', reject)
      .end();
  });
}

/** The same calls at the same times, through the same engine, on the wall clock. */
async function realRun(): Promise<{ successShare: number; attemptsPerCall: number }> {
  const { at, process } = arrivalsOf(overload, 1);
  const engines = Array.from({ length: overload.load.processes }, () =>
    createPaceline({ defaults: { ...strategies.exponential, timeouts: { attemptMs: 1_000, totalMs: 10_000 } } }),
  );
  let attempts = 0;
  const startedAt = performance.now();
  const calls = Array.from(at, async (time, number) => {
    await new Promise((resolve) => setTimeout(resolve, time - (performance.now() - startedAt)));
    return engines[process[number]!]!.run({
      url: `http://127.0.0.1:${port}/`,
      method: 'GET',
      replayable: true,
      send: (attempt) => {
        attempts += 1;
        return send(attempt);
      },
    });
  });
  const outcomes = await Promise.all(calls);
  const successes = outcomes.filter((outcome) => outcome.kind === 'answered' && outcome.status === 200).length;
  return { successShare: successes / at.length, attemptsPerCall: attempts / at.length };
}

describe('a real server with the same numbers, under the same engine', () => {
  test('serves the same share of the calls within 0.08, and takes the same attempts per call within 15 %', async () => {
    const real = await realRun();
    const serviceMs = servedMs.reduce((sum, ms) => sum + ms, 0) / servedMs.length;
    const measured = { ...overload, server: { ...overload.server, serviceMs } };
    const { calls } = await simulate(measured, strategyNamed('exponential'), 1);
    const { length } = calls.attempts;
    const simulated = {
      successShare: calls.succeeded.reduce((sum, each) => sum + each, 0) / length,
      attemptsPerCall: calls.attempts.reduce((sum, each) => sum + each, 0) / length,
    };
    expect(
      Math.abs(real.successShare - simulated.successShare),
      JSON.stringify({ serviceMs, real, simulated }),
    ).toBeLessThan(0.08);
    expect(Math.abs(real.attemptsPerCall / simulated.attemptsPerCall - 1)).toBeLessThan(0.15);
  });
});
