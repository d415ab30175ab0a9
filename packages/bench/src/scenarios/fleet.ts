import { setTimeout as delay } from 'node:timers/promises';
import { type RedisServer, redisProgram, startRedis } from '@paceline/test-support';
import type { Demand, LimiterName } from '../fleet/plan.ts';
import { type FleetPlan, type FleetResult, play } from '../fleet/play.ts';
import { fullestWindow } from '../fleet/windows.ts';
import { digits, type Summary, summarise } from '../measure/summary.ts';
import type { Table } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

const RATE = 200;
const BURST = 200;
const PROCESSES = 8;
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
    notes: [
      'Bottleneck: a reservoir that grows by 50 every 250 ms up to 200. rate-limiter-flexible: its queue over fixed windows of 200 a second, which allow twice as many in a window across an edge.',
    ],
  };
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
  const [lostAt, backAt, leaseMs] = [1_000, 1_000 + seconds * 1000, 1_000];
  const ms = backAt + 4_000;
  const meanwhile = async (): Promise<void> => {
    await delay(lostAt);
    await redis.kill();
    await delay(backAt - lostAt);
    await redis.start();
  };
  const plan: FleetPlan = {
    limiter: 'Paceline',
    redis,
    perSecond: RATE,
    burst: BURST,
    ms,
    demands: SATURATED,
    meanwhile,
  };
  const { arrivals, workers } = await play(plan);
  const within = (from: number, to: number): number => arrivals.filter((at) => at >= from && at < to).length;
  const per = (from: number, to: number): string => percent((within(from, to) * 1000) / (RATE * (to - from)));
  // A second for the clients to find their server again.
  const whole = backAt + 1_000 + leaseMs;
  return {
    title: 'Without Redis for a while',
    intro: `The same eight busy processes; Redis is killed after a second, and started again without its data ${seconds} s later.`,
    columns: ['', ''],
    rows: [
      ['calls that failed', String(sum(workers.map((worker) => worker.failed)))],
      ['rate during the outage, of the shared one', per(lostAt, backAt)],
      ['rate from one lease after reconnection on', per(whole, ms)],
      ['fullest window of the whole run', percent(fullestWindow(arrivals, BURST, RATE / 1000))],
      [
        'processes that went local and back',
        String(workers.filter(({ states }) => states.join() === 'local,shared').length),
      ],
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
