import { allocatedBytes } from '../measure/heap.ts';
import { interleave, ratioOf, type Timed } from '../measure/interleave.ts';
import { digits, spread } from '../measure/summary.ts';
import { ANSWER, type Task, type Wrapper, wrappers } from '../peers/wrappers.ts';
import { atMost, type Table } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

const task: Task = async () => ANSWER;

/** One call after the other, and a hundred at a time, with limits that never bind. */
export async function fastPath(effort: Effort): Promise<readonly Table[]> {
  const rounds = effort === 'quick' ? { rounds: 3, roundMs: 10 } : { rounds: 21, roundMs: 60 };
  const sequential = wrappers.map((wrapper) => timed(wrapper, sequentially));
  const timings = await interleave(sequential, rounds);
  const batched = await interleave(
    wrappers.map((wrapper) => timed(wrapper, inHundreds)),
    rounds,
  );
  const bytes = new Map<string, number>();
  for (const { name, run } of sequential) bytes.set(name, await allocatedBytes(run, isSlow(name) ? 200 : 20_000));
  return [
    {
      title: 'One call, nothing binding',
      intro:
        'A task that is done at once, sent through limits that never bind: what the machinery itself costs. The ratio is to the floor, in the same round: one call after the other, and 100 at a time.',
      columns: ['', 'does', 'ns', 'ratio', 'ratio, 100 at a time', 'bytes allocated'],
      rows: timings.map(({ name, ns, ratio }, index) => [
        name,
        wrappers[index]?.does ?? '',
        digits(ns.median),
        spread(ratio),
        spread(batched[index]?.ratio ?? ratio),
        digits(bytes.get(name) ?? Number.NaN),
      ]),
      notes: ['Bottleneck waits on timers of the runtime even where nothing binds.'],
      targets: [atMost('one call, nothing binding, over `await task()`', 7, ratioOf('**Paceline**', timings), '×')],
    },
  ];
}

function isSlow(name: string): boolean {
  return name === 'Bottleneck';
}

type Pattern = (send: (task: Task) => Promise<unknown>, times: number) => Promise<void>;

function timed({ name, make }: Wrapper, pattern: Pattern): Timed {
  const send = make();
  return { name, run: (times) => pattern(send, times) };
}

async function sequentially(send: (task: Task) => Promise<unknown>, times: number): Promise<void> {
  for (let call = 0; call < times; call += 1) await send(task);
}

async function inHundreds(send: (task: Task) => Promise<unknown>, times: number): Promise<void> {
  for (let done = 0; done < times; done += 100) {
    const batch: Promise<unknown>[] = [];
    for (let call = 0; call < Math.min(100, times - done); call += 1) batch.push(send(task));
    await Promise.all(batch);
  }
}
