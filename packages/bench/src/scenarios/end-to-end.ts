import { interleave, type Timed, type Timing } from '../measure/interleave.ts';
import { AT_ONCE, fiftyAtOnce, oneByOne } from '../measure/patterns.ts';
import { digits, spread } from '../measure/summary.ts';
import { type Client, clients } from '../peers/clients.ts';
import { startServer } from '../peers/start-server.ts';
import { atLeast, atMost, type Table, type Target } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

/** One client beside another. */
interface Pair {
  readonly name: string;
  readonly against: string;
  /** One call after the other. */
  readonly alone: Beside;
  readonly crowd: Beside;
}

interface Beside {
  readonly base: Timing;
  readonly own: Timing;
}

/** Real HTTP on loopback with keep-alive: what a user's call costs, alone and in a crowd. */
export async function endToEnd(effort: Effort): Promise<readonly Table[]> {
  const { url, stop } = await startServer();
  // Short turns: client and server share two cores with who knows what, and only what runs side by side compares.
  const rounds = effort === 'quick' ? { rounds: 2, roundMs: 20 } : { rounds: 100, roundMs: 12 };
  const warmUpMs = effort === 'quick' ? 20 : 1_000;
  const beside = async (timed: (client: Client) => Timed, client: Client, base: Client): Promise<Beside> => {
    const [floor, own] = await interleave([timed(base), timed(client)], rounds);
    if (!floor || !own) throw new Error(`${client.name} was not timed`);
    return { base: floor, own };
  };
  const one = (client: Client): Timed => oneByOne(client.name, () => client.get(url));
  const fifty = (client: Client): Timed => fiftyAtOnce(client.name, () => client.get(url));
  try {
    const all = clients();
    // A whole HTTP stack takes its time to be compiled, and what all share is compiled with all of them in view.
    for (const client of all) await warmUp(client, url, warmUpMs);
    const pairs: Pair[] = [];
    for (const client of all) {
      for (const against of client.against) {
        const base = all.find(({ name }) => name === against);
        if (!base) throw new Error(`no client is called ${against}`);
        const [alone, crowd] = [await beside(one, client, base), await beside(fifty, client, base)];
        pairs.push({ name: client.name, against, alone, crowd });
      }
    }
    return [table(pairs)];
  } finally {
    await stop();
  }
}

async function warmUp(client: Client, url: string, forMs: number): Promise<void> {
  const until = performance.now() + forMs;
  while (performance.now() < until) await client.get(url);
}

function table(pairs: readonly Pair[]): Table {
  const rows = pairs.map(({ name, against, alone, crowd }) => [
    name,
    against,
    `${digits(alone.own.ns.median / 1000)} / ${digits(alone.base.ns.median / 1000)}`,
    spread(alone.own.ratio),
    `${perSecond(crowd.own)} / ${perSecond(crowd.base)}`,
    digits(1 / crowd.own.ratio.median),
  ]);
  return {
    title: 'End to end',
    intro: `GET of a small JSON answer from a server on loopback in a thread of its own, keep-alive, body read. One after the other, and ${AT_ONCE} at a time. Each client was measured in turns with the one that it is compared with, and the ratio is that of turns next to each other: of latency, where less is better, and of throughput, where more is.`,
    columns: ['', 'against', 'µs, one by one', 'latency ratio', `requests/s at ${AT_ONCE}`, 'throughput ratio'],
    rows,
    targets: targetsOf(pairs),
    notes: [
      'axios-retry, ky’s retry, got, ffetch and RetryAgent have no rate, no queue and no budget; they are here for what a retry alone costs.',
    ],
  };
}

function perSecond({ ns }: Timing): string {
  return digits((AT_ONCE * 1e9) / ns.median);
}

/** What Paceline may cost each client. */
const MOST_LATENCY: Readonly<Record<string, readonly [base: string, most: number]>> = {
  '**fetch + Paceline**': ['fetch', 1.05],
  '**axios + Paceline**': ['axios', 1.02],
  '**ky + Paceline**': ['ky, its own retry and timeout', 1],
};

function targetsOf(pairs: readonly Pair[]): Target[] {
  return pairs.flatMap(({ name, against, alone, crowd }) => {
    const [base, most] = MOST_LATENCY[name] ?? [];
    if (base !== against || most === undefined) return [];
    const figure = `${name.replaceAll('*', '')} against ${base}`;
    return [
      atMost(`${figure}: latency, one by one`, most, alone.own.ratio.median),
      atLeast(`${figure}: throughput at ${AT_ONCE}`, 0.97, 1 / crowd.own.ratio.median),
    ];
  });
}
