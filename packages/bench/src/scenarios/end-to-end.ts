import { interleave, type Timing } from '../measure/interleave.ts';
import { AT_ONCE, fiftyAtOnce, oneByOne } from '../measure/patterns.ts';
import { digits, type Summary, spread, summarise } from '../measure/summary.ts';
import { type Client, clients } from '../peers/clients.ts';
import { startServer } from '../peers/start-server.ts';
import { atLeast, atMost, type Table, type Target } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

/** Real HTTP on loopback with keep-alive: what a user's call costs, alone and in a crowd. */
export async function endToEnd(effort: Effort): Promise<readonly Table[]> {
  const { url, stop } = await startServer();
  try {
    const all = clients();
    const rounds = effort === 'quick' ? { rounds: 2, roundMs: 20 } : { rounds: 15, roundMs: 150 };
    const alone = await interleave(
      all.map((client) => oneByOne(client.name, () => client.get(url))),
      rounds,
    );
    const crowd = await interleave(
      all.map((client) => fiftyAtOnce(client.name, () => client.get(url))),
      rounds,
    );
    return [table(all, alone, crowd)];
  } finally {
    await stop();
  }
}

function table(all: readonly Client[], alone: readonly Timing[], crowd: readonly Timing[]): Table {
  const rows = all.map(({ name, base }, index) => {
    const baseIndex = all.findIndex((client) => client.name === base);
    const [own, floor] = [alone[index], alone[baseIndex]];
    const [many, manyFloor] = [crowd[index], crowd[baseIndex]];
    if (!own || !floor || !many || !manyFloor) return [name];
    return [
      name,
      name === base ? '(base)' : base,
      digits(own.ns.median / 1000),
      spread(between(own, floor)),
      digits((AT_ONCE * 1e9) / many.ns.median),
      digits(1 / between(many, manyFloor).median),
    ];
  });
  return {
    title: 'End to end',
    intro: `GET of a small JSON answer from a server on loopback in a thread of its own, keep-alive, body read. One after the other, and ${AT_ONCE} at a time. Ratios are to the raw client, round by round: of latency, where less is better, and of throughput, where more is.`,
    columns: ['', 'against', 'µs, one by one', 'latency ratio', `requests/s at ${AT_ONCE}`, 'throughput ratio'],
    rows,
    targets: targetsOf(alone, crowd),
    notes: [
      'axios-retry, ky’s retry, got, ffetch and RetryAgent have no rate, no queue and no budget; they are here for what a retry alone costs.',
    ],
  };
}

/** What Paceline may cost each client. */
const MOST_LATENCY: Readonly<Record<string, readonly [base: string, most: number]>> = {
  '**fetch + Paceline**': ['fetch', 1.05],
  '**axios + Paceline**': ['axios', 1.02],
  '**ky + Paceline**': ['ky, its own retry and timeout', 1],
};

function targetsOf(alone: readonly Timing[], crowd: readonly Timing[]): Target[] {
  const find = (name: string, timings: readonly Timing[]): Timing | undefined =>
    timings.find((each) => each.name === name);
  return Object.entries(MOST_LATENCY).flatMap(([name, [base, most]]) => {
    const [own, floor, many, manyFloor] = [find(name, alone), find(base, alone), find(name, crowd), find(base, crowd)];
    if (!own || !floor || !many || !manyFloor) return [];
    const figure = `${name.replaceAll('*', '')} against ${base}`;
    return [
      atMost(`${figure}: latency, one by one`, most, between(own, floor).median),
      atLeast(`${figure}: throughput at ${AT_ONCE}`, 0.97, 1 / between(many, manyFloor).median),
    ];
  });
}

/** Both were measured against the first client of all in each round, so the ratio of ratios is that of the two. */
function between(own: Timing, base: Timing): Summary {
  return summarise(own.samples.map((ns, round) => ns / (base.samples[round] ?? Number.NaN)));
}
