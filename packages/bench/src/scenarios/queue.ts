import { PerformanceObserver } from 'node:perf_hooks';
import { createPaceline } from '@paceline/core';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { liveBytes } from '../measure/heap.ts';
import { digits, spread, summarise } from '../measure/summary.ts';
import { ANSWER } from '../peers/wrappers.ts';
import type { Table } from '../report/table.ts';
import type { Effort } from '../scenario.ts';
import { fifo } from './fifo.ts';

const SLOTS = 100;

type Task = () => Promise<typeof ANSWER>;
type Send = (task: Task, signal?: AbortSignal) => Promise<unknown>;

interface Queue {
  readonly name: string;
  make(): Send;
}

const queues: readonly Queue[] = [
  { name: 'floor: a bare FIFO', make: () => fifo(SLOTS) },
  { name: '**Paceline**', make: pacelineQueue },
  {
    name: 'p-queue',
    make() {
      const queue = new PQueue({ concurrency: SLOTS });
      return (task, signal) => queue.add(task, signal === undefined ? {} : { signal });
    },
  },
  {
    name: 'p-queue + p-retry',
    make() {
      const queue = new PQueue({ concurrency: SLOTS });
      return (task, signal) => queue.add(() => pRetry(task, { retries: 3 }), signal === undefined ? {} : { signal });
    },
  },
];

function pacelineQueue(): Send {
  const pace = createPaceline({
    defaults: { concurrency: SLOTS, queue: { maxLength: 10_000_000, maxWaitMs: 3_600_000 } },
  });
  return (send, signal) =>
    pace.run({
      url: 'https://api.example.com/items',
      method: 'GET',
      replayable: true,
      send,
      ...(signal && { signal }),
    });
}

/** Many calls at once under 100 slots. */
export async function queue(effort: Effort): Promise<readonly Table[]> {
  const sizes = effort === 'quick' ? [10_000] : [10_000, 100_000, 1_000_000];
  const rounds = effort === 'quick' ? 1 : 5;
  const rows: string[][] = [];
  for (const size of sizes) rows.push(...(await rowsFor(size, rounds)));
  return [
    {
      title: 'A long queue',
      intro:
        'So many calls at once under 100 slots, each answered in the next turn of the event loop: time for one from its call to its answer, and the live heap of one that waits, with all that the caller has of it. GC is the longest pause while they were served.',
      columns: ['', 'calls', 'µs a call', 'over the floor', 'bytes a waiting call', 'longest GC pause, ms'],
      rows,
    },
    await aborts(effort),
  ];
}

async function rowsFor(size: number, rounds: number): Promise<string[][]> {
  const samples = queues.map(() => ({
    us: [] as number[],
    ratio: [] as number[],
    bytes: [] as number[],
    gc: [] as number[],
  }));
  for (let round = 0; round < rounds; round += 1) {
    let floorUs = Number.NaN;
    for (const [index, { make }] of queues.entries()) {
      const { us, bytes, gcMs } = await fill(make(), size);
      if (index === 0) floorUs = us;
      samples[index]?.us.push(us);
      samples[index]?.ratio.push(us / floorUs);
      samples[index]?.bytes.push(bytes);
      samples[index]?.gc.push(gcMs);
    }
  }
  return queues.map(({ name }, index) => {
    const { us = [], ratio = [], bytes = [], gc = [] } = samples[index] ?? {};
    const last = [spread(summarise(ratio)), digits(summarise(bytes).median), digits(summarise(gc).median)];
    return [name, size.toLocaleString('en'), digits(summarise(us).median), ...last];
  });
}

async function fill(send: Send, size: number): Promise<{ us: number; bytes: number; gcMs: number }> {
  const pauses = watchGc();
  const waiting: ((answer: typeof ANSWER) => void)[] = [];
  const task: Task = () => new Promise((resolve) => waiting.push(resolve));
  const before = liveBytes();
  const started = performance.now();
  const calls = new Array<Promise<unknown>>(size);
  for (let call = 0; call < size; call += 1) calls[call] = send(task);
  const queuedMs = performance.now() - started;
  const bytes = (liveBytes() - before) / size;
  await pauses.forget();
  const resumed = performance.now();
  let isDone = false;
  const all = Promise.all(calls).then(() => {
    isDone = true;
  });
  while (!isDone) {
    for (const resolve of waiting.splice(0)) resolve(ANSWER);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  const us = ((queuedMs + performance.now() - resumed) * 1000) / size;
  return { us, bytes, gcMs: await pauses.longest() };
}

/** The collections that `liveBytes` asks for are not pauses of the contender's. */
function watchGc(): { forget(): Promise<void>; longest(): Promise<number> } {
  let longestMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  const delivered = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  return {
    async forget() {
      await delivered();
      longestMs = 0;
    },
    async longest() {
      await delivered();
      observer.disconnect();
      return longestMs;
    },
  };
}

/** Half of a full queue given up, each by a signal of its own. */
async function aborts(effort: Effort): Promise<Table> {
  const size = effort === 'quick' ? 10_000 : 100_000;
  const rows: string[][] = [];
  for (const { name, make } of queues.slice(1)) {
    const { us, left } = await abortHalf(make(), size);
    rows.push([name, size.toLocaleString('en'), digits(us), left.toLocaleString('en')]);
  }
  return {
    title: 'Giving up half of a queue',
    intro:
      'Every second of so many waiting calls is aborted by its own signal: time for one abort until its caller has been told, and the calls that are left.',
    columns: ['', 'calls', 'µs an abort', 'left waiting'],
    rows,
  };
}

async function abortHalf(send: Send, size: number): Promise<{ us: number; left: number }> {
  const task: Task = () => new Promise(() => {});
  const controllers: AbortController[] = [];
  const told: Promise<unknown>[] = [];
  let settled = 0;
  for (let call = 0; call < size + SLOTS; call += 1) {
    const controller = new AbortController();
    const settling = Promise.resolve(send(task, controller.signal)).then(
      () => (settled += 1),
      () => (settled += 1),
    );
    if (call < SLOTS || call % 2 === 0) continue;
    controllers.push(controller);
    told.push(settling);
  }
  const started = performance.now();
  for (const controller of controllers) controller.abort();
  await Promise.all(told);
  return { us: ((performance.now() - started) * 1000) / controllers.length, left: size - settled };
}
