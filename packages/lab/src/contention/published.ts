import { type Backoff, exponential, immediate } from '@paceline/core';

/** One way to wait in the experiment. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  readonly backoff: Backoff;
}

const BASE_MS = 5;
const CAP_MS = 2_000;

/**
 * The five of the article. Its simulator counts the first failure as 1, so its waits without jitter begin at twice the base;
 * the decorrelated ones begin at the base itself.
 */
export const contenders: readonly Contender[] = [
  { name: 'none', title: 'No backoff', backoff: immediate },
  {
    name: 'exponential',
    title: 'Exponential',
    backoff: exponential({ baseMs: 2 * BASE_MS, capMs: CAP_MS, jitter: 'none' }),
  },
  {
    name: 'equal',
    title: 'Equal jitter',
    backoff: exponential({ baseMs: 2 * BASE_MS, capMs: CAP_MS, jitter: 'equal' }),
  },
  { name: 'full', title: 'Full jitter', backoff: exponential({ baseMs: 2 * BASE_MS, capMs: CAP_MS, jitter: 'full' }) },
  {
    name: 'decorrelated',
    title: 'Decorrelated jitter',
    backoff: exponential({ baseMs: BASE_MS, capMs: CAP_MS, jitter: 'decorrelated' }),
  },
];

/** What a number of clients cost: calls to the server, and the time until the last of them was done. */
export interface Contention {
  readonly calls: number;
  readonly completionMs: number;
}

/** Sizes of the experiment. */
export const clientCounts: readonly number[] = [1, 10, 20, 50, 70, 100, 190];

/**
 * What the article's own simulator gives: aws-samples/aws-arch-backoff-simulator, commit 66cb169, its model run unchanged with
 * 100 trials a point. Means, in the order of `contenders`.
 */
export const published: Readonly<Record<number, readonly Contention[]>> = {
  1: row([1, 40], [1, 40], [1, 40], [1, 39], [1, 40]),
  10: row([51, 383], [50, 3_259], [43, 741], [39, 461], [38, 440]),
  20: row([151, 598], [151, 14_797], [108, 1_623], [100, 1_006], [102, 837]),
  50: row([686, 1_131], [620, 36_402], [348, 4_188], [334, 2_970], [376, 2_265]),
  70: row([1_266, 1_500], [1_059, 49_030], [526, 5_412], [510, 3_808], [608, 3_253]),
  100: row([2_425, 2_033], [1_861, 64_189], [812, 6_632], [796, 4_873], [999, 4_648]),
  190: row([8_003, 3_537], [5_166, 101_419], [1_760, 9_393], [1_772, 7_416], [2_442, 7_934]),
};

function row(...cells: readonly (readonly [number, number])[]): Contention[] {
  return cells.map(([calls, completionMs]) => ({ calls, completionMs }));
}
