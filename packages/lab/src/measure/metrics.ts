import { allowedAt, nominalAllowed } from '../server/server-spec.ts';
import type { Metric, RunFacts } from './metric.ts';
import { recoveryMs } from './recovery.ts';
import { jain, quantile } from './statistics.ts';

/** An answer within this time counts as fast. */
export const FAST_MS = 2_000;

/** A run without a single success would have infinitely many attempts per success; the score counts this many too many at most. */
const MOST_EXCESS = 10;

const PRICE_OF_ATTEMPT = 0.03;

/** The figures of every scenario and strategy. */
export const standardMetrics: readonly Metric[] = [
  {
    name: 'goodput',
    title: 'goodput',
    means: 'calls that ended well, over what the oracle achieves',
    better: 'higher',
    unit: 'share',
    of: goodput,
  },
  {
    name: 'fastGoodput',
    title: 'fast',
    means: 'the same for answers within two seconds',
    better: 'higher',
    unit: 'share',
    of: fastGoodput,
  },
  {
    name: 'attemptsPerCall',
    title: 'attempts',
    means: 'attempts per call',
    better: 'lower',
    unit: 'times',
    of: ({ run, attempts }) => attempts / Math.max(1, run.calls.arrivedAt.length),
  },
  {
    name: 'wastedWork',
    title: 'wasted',
    means: 'share of the server’s work that was for nobody: answers after the client had left, and rejections',
    better: 'lower',
    unit: 'share',
    about: 'server',
    of: wastedWork,
  },
  {
    name: 'peakLoad',
    title: 'peak',
    means:
      'attempts in the worst bin of the load curve, over what the server could take then (its full capacity or quota while it is down)',
    better: 'lower',
    unit: 'times',
    about: 'server',
    of: peakLoad,
  },
  {
    name: 'recoveryMs',
    title: 'recovery',
    means: 'time from the end of the trouble until 95 % of the calls that arrive within five seconds end well',
    better: 'lower',
    unit: 'ms',
    of: ({ run }) => recoveryMs(run),
  },
  {
    name: 'p50Ms',
    title: 'p50',
    means: 'median latency of the calls that ended well, waits and retries included',
    better: 'lower',
    unit: 'ms',
    of: ({ latencies }) => quantile(latencies, 0.5),
  },
  {
    name: 'p99Ms',
    title: 'p99',
    means: '99th percentile of the same',
    better: 'lower',
    unit: 'ms',
    of: ({ latencies }) => quantile(latencies, 0.99),
  },
  {
    name: 'fairness',
    title: 'fairness',
    means: 'Jain’s index over the processes’ shares of calls that ended well; 1 is perfectly fair',
    better: 'higher',
    unit: 'share',
    of: (facts) => jain(successShares(facts)),
  },
  {
    name: 'lost',
    title: 'lost',
    means: 'calls that did not end well, those included that nobody could have saved',
    better: 'lower',
    unit: 'count',
    of: ({ run, latencies }) => run.calls.arrivedAt.length - latencies.length,
  },
  {
    name: 'score',
    title: 'score',
    means: '½ goodput + ½ fast − 0.03 for each attempt too many per success (ten at most)',
    better: 'higher',
    unit: 'score',
    of: score,
  },
];

function goodput({ latencies, optimum }: RunFacts): number {
  return latencies.length / Math.max(1, optimum.successes);
}

function fastGoodput({ latencies, optimum }: RunFacts): number {
  return latencies.filter((ms) => ms <= FAST_MS).length / Math.max(1, optimum.fast);
}

function score(facts: RunFacts): number {
  const excess = facts.attempts / Math.max(1, facts.latencies.length) - 1;
  const price = PRICE_OF_ATTEMPT * Math.min(MOST_EXCESS, Math.max(0, excess));
  return 0.5 * goodput(facts) + 0.5 * fastGoodput(facts) - price;
}

function wastedWork({ run: { work } }: RunFacts): number {
  const wasted = work.abandoned + work.rejections;
  return wasted === 0 ? 0 : wasted / (wasted + work.useful);
}

function peakLoad({ run: { scenario, curves } }: RunFacts): number {
  const { server, phases } = scenario;
  const loads = curves.attempts.map((attempts, bin) => {
    const allowed = allowedAt(server, phases, (bin + 0.5) * curves.binMs) || nominalAllowed(server);
    return (attempts * 1000) / curves.binMs / allowed;
  });
  return loads.reduce((most, load) => Math.max(most, load), 0);
}

function successShares({ run: { calls, scenario } }: RunFacts): number[] {
  const all = new Array<number>(scenario.load.processes).fill(0);
  const well = [...all];
  calls.process.forEach((process, number) => {
    all[process] = (all[process] ?? 0) + 1;
    well[process] = (well[process] ?? 0) + (calls.succeeded[number] ?? 0);
  });
  return all.flatMap((count, process) => (count === 0 ? [] : [(well[process] ?? 0) / count]));
}
