import { PerformanceObserver } from 'node:perf_hooks';
import { createPaceline, type HostPolicy } from '@paceline/core';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { liveBytes } from '../measure/heap.ts';
import { digits, type Summary, spread, summarise } from '../measure/summary.ts';
import { ANSWER } from '../peers/wrappers.ts';
import { atMost, type Table, type Target } from '../report/table.ts';
import type { Effort } from '../scenario.ts';
import { fifo } from './fifo.ts';

const SLOTS = 100;

const PACELINE = '**Paceline**';

/** What a queue with all that Paceline does of each call has to be measured by: the same work behind the barest queue. */
const FIFO_IN_FRONT = 'floor: a bare FIFO in front of Paceline without a limit';

type Task = () => Promise<typeof ANSWER>;
type Send = (task: Task, signal?: AbortSignal) => Promise<unknown>;

interface Queue {
  readonly name: string;
  make(): Send;
}

const queues: readonly Queue[] = [
  { name: 'floor: a bare FIFO', make: () => fifo(SLOTS) },
  { name: FIFO_IN_FRONT, make: fifoInFront },
  { name: PACELINE, make: pacelineQueue },
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
  return throughPaceline({ concurrency: SLOTS, queue: { maxLength: 10_000_000, maxWaitMs: 3_600_000 } });
}

function fifoInFront(): Send {
  const send = throughPaceline({});
  const line = fifo(SLOTS);
  return (task, signal) => line(() => send(task, signal));
}

function throughPaceline(defaults: HostPolicy): Send {
  const pace = createPaceline({ defaults });
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
  const rows: string[][] = [];
  const targets: Target[] = [];
  for (const size of sizes) {
    const filled = await fillAll(size, effort === 'quick' ? 1 : size === 1_000_000 ? 3 : 7);
    rows.push(...filled.map((each) => row(each, size, filled)));
    targets.push(...targetsFor(filled, size));
  }
  return [
    {
      title: 'A long queue',
      intro:
        'So many calls at once under 100 slots, each answered in the next turn of the event loop: time for one from its call to its answer, and the live heap of one that waits, with all that the caller has of it. GC is the longest pause while they were served.',
      columns: ['', 'calls', 'µs a call', 'over a bare FIFO', 'bytes a waiting call', 'longest GC pause, ms'],
      rows,
      targets,
      notes: [
        'The bare FIFO only resolves a promise and runs a task. The second floor does behind it what Paceline does of each call (rate, retry, budget, hints, figures), so that the line below it shows what Paceline’s own queue costs, with priorities, waits that end, aborts and live policies.',
      ],
    },
    ...(await aborts(effort)),
  ];
}

interface Filled {
  readonly name: string;
  /** Round by round. */
  readonly us: number[];
  readonly bytes: number[];
  readonly gcMs: number[];
}

async function fillAll(size: number, rounds: number): Promise<readonly Filled[]> {
  const all = queues.map(({ name }): Filled => ({ name, us: [], bytes: [], gcMs: [] }));
  // Not counted: it is the compiler's.
  for (const { make } of queues) await fill(make(), Math.min(size, 10_000));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { make }] of queues.entries()) {
      const { us, bytes, gcMs } = await fill(make(), size);
      all[index]?.us.push(us);
      all[index]?.bytes.push(bytes);
      all[index]?.gcMs.push(gcMs);
    }
  }
  return all;
}

function row({ name, us, bytes, gcMs }: Filled, size: number, [floor]: readonly Filled[]): string[] {
  const ratio = spread(over(us, floor?.us ?? []));
  const [time, heap, pause] = [us, bytes, gcMs].map((samples) => digits(summarise(samples).median));
  return [name, size.toLocaleString('en'), time ?? '', ratio, heap ?? '', pause ?? ''];
}

function targetsFor(filled: readonly Filled[], size: number): Target[] {
  const [floor, own] = [FIFO_IN_FRONT, PACELINE].map((name) => filled.find((each) => each.name === name));
  if (!floor || !own) return [];
  const calls = size.toLocaleString('en');
  return [
    atMost(
      `time of a call in a queue of ${calls}, over the same behind a bare FIFO`,
      1.5,
      over(own.us, floor.us).median,
      '×',
    ),
    atMost(`a call that waits among ${calls}`, 500, summarise(own.bytes).median, ' bytes'),
  ];
}

function over(own: readonly number[], floor: readonly number[]): Summary {
  return summarise(own.map((us, round) => us / (floor[round] ?? Number.NaN)));
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
async function aborts(effort: Effort): Promise<readonly Table[]> {
  const sizes = effort === 'quick' ? [10_000] : [100_000, 1_000_000];
  const rows: string[][] = [];
  for (const size of sizes) {
    for (const { name, make } of queues.filter(({ name }) => !name.startsWith('floor'))) {
      // p-queue looks for each in its list: 56 µs at 10 000, 121 at 40 000, and so on.
      const isTooLong = size > 100_000 && name !== PACELINE;
      const { us, left } = isTooLong ? { us: Number.NaN, left: Number.NaN } : await abortHalf(make(), size);
      rows.push([name, size.toLocaleString('en'), digits(us), digits(left)]);
    }
  }
  return [
    {
      title: 'Giving up half of a queue',
      intro:
        'Every second of so many waiting calls is aborted by its own signal: time for one abort until its caller has been told, and the calls that are left.',
      columns: ['', 'calls', 'µs an abort', 'left waiting'],
      rows,
      notes: ['A dash: not tried.'],
    },
  ];
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
