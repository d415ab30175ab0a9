import { describe, expect, test } from 'vitest';
import type { Scenario } from '../scenario/scenario.ts';
import { nominal } from '../scenarios/nominal.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { strategyNamed } from '../suite/names.ts';
import { simulate } from './simulate.ts';

/** Mean wait of an M/M/c queue by Erlang's C formula, in the unit of `serviceMs`. */
function erlangWaitMs(workers: number, serviceMs: number, perSecond: number): number {
  const load = (perSecond * serviceMs) / 1000;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < workers; k += 1) {
    term *= load / k;
    sum += term;
  }
  const last = (term * load) / workers / (1 - load / workers);
  return (last / (sum + last)) * (serviceMs / (workers - load));
}

const WORKERS = 2;
const RATE = 12;

const mmc: Scenario = {
  ...nominal,
  name: 'mmc',
  title: 'M/M/c',
  models: 'Poisson arrivals, exponential service times, no bound on the line.',
  optimum: 'Erlang C.',
  server: { workers: WORKERS, serviceMs: 100, cv: 1, queueLength: null, rejectionShare: 0, abandonedWork: 'done' },
  phases: [],
  load: { kind: 'open', processes: 4, perSecond: RATE },
  attemptMs: 1_000_000,
  totalMs: 1_000_000,
  endMs: 12_000_000,
};

const direct: Strategy = {
  ...strategyNamed('none'),
  name: 'direct',
  open: () => ({ run: (call) => call.send({ number: 1, signal: undefined }) }),
};

describe('a server with Poisson arrivals and exponential service times', () => {
  test('lets its requests wait as Erlang says, within 5 %', async () => {
    const { calls, work } = await simulate(mmc, direct, 1);
    const { length } = calls.settledAt;
    const latencyMs = calls.settledAt.reduce((sum, at, call) => sum + at - calls.arrivedAt[call]!, 0) / length;
    const waitMs = latencyMs - work.useful / length - mmc.roundTripMs;
    const expectedMs = erlangWaitMs(WORKERS, 100, RATE);
    expect(expectedMs).toBeCloseTo(56.25);
    expect(Math.abs(waitMs / expectedMs - 1)).toBeLessThan(0.05);
  });
});

describe('an engine without limits', () => {
  test('adds no time to calls of which none fails', async () => {
    const short = { ...mmc, endMs: 60_000 };
    const [bare, through] = await Promise.all([simulate(short, direct, 2), simulate(short, strategyNamed('none'), 2)]);
    expect(through.calls.settledAt).toEqual(bare.calls.settledAt);
  });
});
