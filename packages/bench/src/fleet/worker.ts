import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { limiters } from './limiters.ts';
import type { WorkerPlan, WorkerResult } from './plan.ts';

// One process of a fleet: told its plan, it says when it is ready, goes when it is told to, and says what became of it.
const plan = JSON.parse(process.argv[2] ?? '') as WorkerPlan;
const agent = new Agent({ keepAlive: true });

let trips = 0;
const { sendCommand } = Redis.prototype;
Redis.prototype.sendCommand = function counted(...command: Parameters<typeof sendCommand>) {
  trips += 1;
  return sendCommand.apply(this, command);
};

const limiter = limiters[plan.limiter](plan);
/** Of each send, by the clock that all processes of a machine share. */
const departures: number[] = [];
let failed = 0;
const waits: number[] = [];
let startedAt = 0;

/** Sockets are open and code is compiled before the start: neither delays the first requests. */
const WARMING = { rounds: 20, sockets: 40 };
for (let round = 0; plan.serverUrl !== undefined && round < WARMING.rounds; round += 1) {
  await Promise.all(Array.from({ length: WARMING.sockets }, () => request('/warm')));
}
process.send?.('ready');
process.once('message', () => void go());

async function go(): Promise<void> {
  const tripsBefore = trips;
  startedAt = performance.now();
  const { demand } = plan;
  if ('pending' in demand) await Promise.all(Array.from({ length: demand.pending }, () => keepCalling()));
  else await callEvery(1000 / demand.perSecond);
  const result: WorkerResult = {
    departures,
    failed,
    trips: trips - tripsBefore,
    waits: { p50: quantile(0.5), p99: quantile(0.99) },
    states: limiter.states,
  };
  process.send?.(result, () => void limiter.close().then(() => process.exit()));
}

function isOver(): boolean {
  return performance.now() - startedAt >= plan.ms;
}

async function keepCalling(): Promise<void> {
  while (!isOver()) {
    const turn = call();
    // What still waits at the end waits for ever.
    await Promise.race([turn, delay(Math.max(0, plan.ms - (performance.now() - startedAt)))]);
  }
}

async function callEvery(gapMs: number): Promise<void> {
  let calls = 0;
  while (!isOver()) {
    const due = Math.floor((performance.now() - startedAt) / gapMs);
    for (; calls < due; calls += 1) void call();
    await delay(1);
  }
}

async function call(): Promise<void> {
  const calledAt = performance.now();
  try {
    await limiter.run(() => send(calledAt));
  } catch {
    if (!isOver()) failed += 1;
  }
}

function send(calledAt: number): Promise<void> {
  const now = performance.now();
  if (!isOver()) {
    departures.push(performance.timeOrigin + now);
    if (now - startedAt > 1000) waits.push(now - calledAt);
  }
  return plan.serverUrl === undefined ? Promise.resolve() : request('/');
}

function request(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${plan.serverUrl}${path}`, { agent }, (response) => response.resume().once('end', resolve)).once(
      'error',
      reject,
    );
  });
}

function quantile(share: number): number {
  waits.sort((a, b) => a - b);
  return waits[Math.floor(share * (waits.length - 1))] ?? Number.NaN;
}
