import { setTimeout as delay } from 'node:timers/promises';
import { type RedisServer, redisProgram, startRedis } from '@paceline/test-support';
import type { Demand, LimiterName } from '../fleet/plan.ts';
import { type FleetResult, play } from '../fleet/play.ts';
import { fullestWindow } from '../fleet/windows.ts';
import { digits, type Summary, summarise } from '../measure/summary.ts';
import { atLeast, atMost, type Table, type Target } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

const RATE = 200;
const BURST = 200;
const PROCESSES = 8;

/** As in core. */
const LEASE_MS = 1_000;

const SATURATED: readonly Demand[] = Array(PROCESSES).fill({ pending: 40 });
const UNEVEN: readonly Demand[] = [{ pending: 100 }, ...Array(PROCESSES - 1).fill({ perSecond: 1 })];

/** Several processes on one rate, at a real Redis, from a real server's view. */
export async function fleet(effort: Effort): Promise<readonly Table[]> {
  const program = await redisProgram();
  if (program === undefined) return [];
  const redis = await startRedis(program);
  const [rounds, seconds] = effort === 'quick' ? [1, 2] : [3, 10];
  try {
    return [
      await accuracy(redis, rounds, seconds),
      await costs(redis, rounds, seconds / 2),
      await outage(redis, seconds / 2),
    ];
  } finally {
    await redis.stop();
  }
}

async function accuracy(redis: RedisServer, rounds: number, seconds: number): Promise<Table> {
  const contenders = ['Paceline', 'Bottleneck', 'rate-limiter-flexible'] satisfies LimiterName[];
  const demands: readonly (readonly [name: string, demands: readonly Demand[]])[] = [
    ['all busy', SATURATED],
    ['one busy, seven quiet', UNEVEN],
  ];
  const shared = { redis, perSecond: RATE, burst: BURST, ms: seconds * 1000 };
  const plays = contenders.flatMap((limiter) => demands.map(([name, each]) => ({ limiter, name, demands: each })));
  const figures = await inTurns(rounds, plays, async (one) =>
    accuracyOf(await play({ ...shared, ...one }), seconds, one.demands === UNEVEN),
  );
  return {
    title: 'One rate for eight processes',
    intro: `Eight processes share ${RATE} requests a second with a burst of ${BURST}, through one Redis, for ${seconds} s; their clocks are minutes apart. Seen by the server: arrivals in the fullest of all windows, over burst + rate · t, and the same for the times at which they left; requests, over what was allowed; and commands to Redis for each request.`,
    columns: [
      '',
      'demand',
      'fullest window',
      'as they left',
      'allowed rate used',
      'of what the quiet leave, the busy one used',
      'round trips per request',
    ],
    rows: plays.map(({ limiter, name }, index) => {
      const [fullest, left, used, busy, trips] = figures[index] ?? [];
      return [limiter, name, percent(fullest), percent(left), percent(used), percent(busy), inDigits(trips)];
    }),
    targets: accuracyTargets(figures[0], figures[1]),
    notes: [
      'The first burst of requests takes longer to arrive than the later ones: on few cores that alone is a per cent or more.',
      'Bottleneck: a reservoir that grows by 50 every 250 ms up to 200. rate-limiter-flexible: its queue over fixed windows of 200 a second, which allow twice as many in a window across an edge.',
    ],
  };
}

/** Of Paceline, with all processes busy and with one. */
function accuracyTargets(even: readonly Summary[] = [], uneven: readonly Summary[] = []): Target[] {
  const inPercent = (figure: Summary | undefined): number => 100 * (figure?.median ?? Number.NaN);
  return [
    atMost(
      'shared by 8 processes: requests in the fullest window at the server, of those allowed',
      101,
      inPercent(even[0]),
      ' %',
    ),
    atLeast('shared by 8 processes: allowed rate that is used', 98, inPercent(even[2]), ' %'),
    atLeast('one busy process of 8: what it uses of what the quiet ones leave', 95, inPercent(uneven[3]), ' %'),
  ];
}

function accuracyOf({ arrivals, workers }: FleetResult, seconds: number, isUneven: boolean): number[] {
  const allowed = BURST + RATE * seconds;
  const departures = workers.map((worker) => worker.departures);
  const [busy = 0, ...quiet] = departures.map((times) => times.length);
  return [
    fullestWindow(arrivals, BURST, RATE / 1000),
    fullestWindow(departures.flat(), BURST, RATE / 1000),
    arrivals.length / allowed,
    isUneven ? busy / (allowed - sum(quiet)) : Number.NaN,
    sum(workers.map(({ trips }) => trips)) / arrivals.length,
  ];
}

async function costs(redis: RedisServer, rounds: number, seconds: number): Promise<Table> {
  const contenders = ['Paceline, in memory', 'Paceline', 'Bottleneck', 'rate-limiter-flexible'] satisfies LimiterName[];
  const figures = await inTurns(rounds, contenders, async (limiter) => {
    const plan = { redis, limiter, ms: seconds * 1000, isOverHttp: false };
    const demands = [{ perSecond: 1000 }, { perSecond: 1000 }];
    const { workers } = await play({ ...plan, perSecond: 10_000, burst: 10_000, demands });
    const flatOut = await play({ ...plan, perSecond: 1e8, burst: 1e8, demands: [{ pending: 50 }] });
    return [
      sum(workers.map(({ trips }) => trips)) / sum(workers.map(({ departures }) => departures.length)),
      Math.max(...workers.map(({ waits }) => waits.p50)) * 1000,
      Math.max(...workers.map(({ waits }) => waits.p99)) * 1000,
      sum(flatOut.workers.map(({ departures }) => departures.length)) / seconds,
    ];
  });
  return {
    title: 'Beside the wire',
    intro: `Tasks that are done at once, for ${seconds} s. Two processes of 1,000 calls a second each under a shared rate that never binds: commands to Redis for each call, and µs from the call to its task. Then one process with 50 calls pending at any time and no limit that binds: calls a second.`,
    columns: ['', 'round trips per call', 'p50 µs', 'p99 µs', 'calls/s, flat out'],
    rows: contenders.map((limiter, index) => [limiter, ...(figures[index] ?? []).map(inDigits)]),
    targets: [
      atMost(
        'round trips to the store per call, at 1,000 a second a process',
        0.1,
        figures[1]?.[0]?.median ?? Number.NaN,
      ),
    ],
  };
}

/** Medians of what each gave, all of them played once a round. */
async function inTurns<T>(
  rounds: number,
  plays: readonly T[],
  playOne: (one: T) => Promise<number[]>,
): Promise<Summary[][]> {
  const results: number[][][] = plays.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, one] of plays.entries()) results[index]?.push(await playOne(one));
  }
  return results.map((ofOne) => (ofOne[0] ?? []).map((_, figure) => summarise(ofOne.map((all) => all[figure] ?? NaN))));
}

async function outage(redis: RedisServer, seconds: number): Promise<Table> {
  const lostAt = 1_000;
  const backAt = lostAt + seconds * 1000;
  const ms = backAt + 6_000;
  const meanwhile = async (): Promise<void> => {
    await delay(lostAt);
    await redis.kill();
    await delay(backAt - lostAt);
    await redis.start();
  };
  const limiter = 'Paceline';
  const { arrivals, workers } = await play({
    limiter,
    redis,
    perSecond: RATE,
    burst: BURST,
    ms,
    demands: SATURATED,
    meanwhile,
  });
  const startedAt = Math.min(...workers.flatMap(({ departures }) => departures));
  const lastBackAt = Math.max(...workers.flatMap(({ states }) => states.map(({ at }) => at))) - startedAt;
  const shareOf = (from: number, to: number): number =>
    (arrivals.filter((at) => at >= from && at < to).length * 1000) / (RATE * (to - from));
  const failed = sum(workers.map((worker) => worker.failed));
  const during = shareOf(lostAt, backAt);
  const wentAndCame = workers.filter(({ states }) => states.map(({ state }) => state).join() === 'local,shared');
  return {
    title: 'Without Redis for a while',
    intro: `The same eight busy processes; Redis is killed after a second, and started again without its data ${seconds} s later.`,
    columns: ['', ''],
    rows: [
      ['calls that failed', String(failed)],
      ['rate during the outage, of the shared one', percent(during)],
      ['the last process was back, after the server, ms', digits(lastBackAt - backAt)],
      ['rate until then', percent(shareOf(backAt, lastBackAt))],
      ['rate from one lease later on', percent(shareOf(lastBackAt + LEASE_MS, ms))],
      ['fullest window of the whole run', percent(fullestWindow(arrivals, BURST, RATE / 1000))],
      ['processes that went local and back, once', String(wentAndCame.length)],
    ],
    targets: [
      atMost('calls that fail during an outage of the store', 0, failed),
      atMost('rate of the fleet during an outage of the store, of the shared one', 1.2, during),
    ],
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function percent(share: Summary | number | undefined): string {
  const value = typeof share === 'number' ? share : (share?.median ?? Number.NaN);
  return Number.isNaN(value) ? '–' : `${digits(value * 100)} %`;
}

function inDigits(figure: Summary | undefined): string {
  return digits(figure?.median ?? Number.NaN);
}
