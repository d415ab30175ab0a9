import { createPaceline, type Paceline, perSecond } from '@paceline/core';
import { liveBytes } from '../measure/heap.ts';
import { interleave } from '../measure/interleave.ts';
import { digits, spread } from '../measure/summary.ts';
import { ANSWER } from '../peers/wrappers.ts';
import { atMost, type Table } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

/** Round robin over ever more hosts: time and memory must not grow with them. */
export async function hosts(effort: Effort): Promise<readonly Table[]> {
  const sizes = effort === 'quick' ? [10, 1000] : [10, 1000, 10_000, 100_000];
  const rounds = effort === 'quick' ? { rounds: 3, roundMs: 20 } : { rounds: 11, roundMs: 200 };
  const timings = await interleave(
    sizes.map((size) => ({ name: String(size), run: roundRobin(engine(size), size) })),
    rounds,
  );
  const rows: string[][] = [];
  let laneBytes = Number.NaN;
  for (const [index, size] of sizes.entries()) {
    const timing = timings[index];
    if (timing === undefined) continue;
    const [bytes, lanes] = await bytesPerLane(size);
    laneBytes = bytes;
    rows.push([size.toLocaleString('en'), digits(timing.ns.median), spread(timing.ratio), digits(bytes), lanes]);
  }
  return [
    {
      title: 'Many hosts',
      intro:
        'Calls to so many hosts in turn, with room for all of their lanes. Beside it, with room for 1 000 lanes: what is left of them once they are at rest.',
      columns: ['hosts', 'ns a call', 'over 10 hosts', 'bytes a lane', 'lanes kept of maxLanes 1 000'],
      rows,
      notes: ['Every host is a new URL to the engine, so a call here includes finding the host in it.'],
      targets: [
        atMost(
          `time of a call at ${sizes.at(-1)?.toLocaleString('en')} hosts over 10`,
          2,
          timings.at(-1)?.ratio.median ?? Number.NaN,
          '×',
        ),
        atMost('a lane at rest', 1024, laneBytes, ' bytes'),
      ],
    },
  ];
}

function engine(maxLanes: number): Paceline {
  return createPaceline({ maxLanes, defaults: { rate: perSecond(1e6), concurrency: 1e6 } });
}

function roundRobin(pace: Paceline, size: number): (times: number) => Promise<void> {
  const urls = Array.from({ length: size }, (_, index) => `https://host-${index}.example.com/items`);
  let next = 0;
  return async (times) => {
    for (let call = 0; call < times; call += 1) {
      next = (next + 1) % size;
      await get(pace, urls[next] ?? '');
    }
  };
}

async function bytesPerLane(size: number): Promise<[bytes: number, kept: string]> {
  const pace = engine(size);
  await get(pace, 'https://warm-up.example.com/');
  const before = liveBytes();
  for (let host = 0; host < size; host += 1) await get(pace, `https://host-${host}.example.com/items`);
  const bytes = (liveBytes() - before) / size;
  const small = engine(1000);
  for (let host = 0; host < size; host += 1) await get(small, `https://host-${host}.example.com/items`);
  // Until here nothing may collect the engine that is weighed.
  pace.release('warm-up.example.com');
  // Ten lanes are lost in the noise of the heap.
  return [size < 1000 ? Number.NaN : bytes, String(small.snapshot().lanes.length)];
}

function get(pace: Paceline, url: string): Promise<unknown> {
  return pace.run({ url, method: 'GET', replayable: true, send: async () => ANSWER });
}
