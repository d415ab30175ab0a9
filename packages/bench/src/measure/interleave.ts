import { type Summary, summarise } from './summary.ts';

/** Something that is timed against others. */
export interface Timed {
  readonly name: string;
  /** Does the work `times` times. */
  run(times: number): Promise<void>;
}

/** In milliseconds; less leaves some contenders in the interpreter. */
const WARM_UP_MS = 150;

/** How one contender did, beside the first of them, the floor. */
export interface Timing {
  readonly name: string;
  /** Nanoseconds for one. */
  readonly ns: Summary;
  /** The same, round by round. */
  readonly samples: readonly number[];
  /** Over the floor in the same round. */
  readonly ratio: Summary;
}

export interface Rounds {
  readonly rounds: number;
  /** How long one contender works in one round, in milliseconds. */
  readonly roundMs: number;
}

/**
 * Times contenders in turn, A B C A B C …, so that a machine that grows slower is slower for all. Ratios are taken within
 * a round, and what is reported is their median. The first contender is the floor.
 */
export async function interleave(contenders: readonly Timed[], { rounds, roundMs }: Rounds): Promise<Timing[]> {
  const times = new Map<Timed, number>();
  for (const contender of contenders) times.set(contender, await calibrate(contender, roundMs));
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      samples[index]?.push(await nsPerRun(contender, times.get(contender) ?? 1));
    }
  }
  const floor = samples[0] ?? [];
  return contenders.map(({ name }, index) => {
    const own = samples[index] ?? [];
    const ratio = summarise(own.map((ns, round) => ns / (floor[round] ?? Number.NaN)));
    return { name, ns: summarise(own), samples: own, ratio };
  });
}

/** The median ratio to the floor of one contender. */
export function ratioOf(name: string, timings: readonly Timing[]): number {
  return timings.find((timing) => timing.name === name)?.ratio.median ?? Number.NaN;
}

/** Warms up until the compiler has had its say, then finds how often the work fits into a round. */
async function calibrate(contender: Timed, roundMs: number): Promise<number> {
  const warm = performance.now() + Math.max(WARM_UP_MS, 2 * roundMs);
  let times = 1;
  while (performance.now() < warm) {
    await contender.run(times);
    times = Math.min(10_000, times * 2);
  }
  times = 1;
  for (;;) {
    const ms = ((await nsPerRun(contender, times)) * times) / 1e6;
    if (ms >= roundMs / 4) return Math.max(1, Math.round((times * roundMs) / Math.max(ms, 0.001)));
    times *= 4;
  }
}

async function nsPerRun(contender: Timed, times: number): Promise<number> {
  const start = process.hrtime.bigint();
  await contender.run(times);
  return Number(process.hrtime.bigint() - start) / times;
}
