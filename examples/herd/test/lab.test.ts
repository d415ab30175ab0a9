import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Scenario as LabScenario, paceline, type Strategy, scenarioNamed, simulate } from '@paceline/lab';
import { describe, expect, test } from 'vitest';
import { type Contender, contenders } from '../src/clients/contenders.ts';
import { runHerd } from '../src/clients/herd.ts';
import { planCalls } from '../src/clients/plan.ts';
import { quickScenario, type Scenario } from '../src/scenario.ts';
import type { Phase } from '../src/server/failure-script.ts';
import { openServerThread } from '../src/server/thread.ts';

/** The short demo, without the request in two hundred that hangs: the lab's server does not have that. */
const demo: Scenario = { ...quickScenario, server: { ...quickScenario.server, hangEvery: Number.POSITIVE_INFINITY } };

/** The same numbers as a scenario of the lab. */
const modelled: LabScenario = {
  ...scenarioNamed('healthy'),
  name: 'demo',
  server: {
    workers: demo.server.workers,
    serviceMs: demo.server.serviceMs,
    cv: 0,
    queueLength: demo.server.longestLine,
    rejectionShare: demo.server.rejectionShare,
    abandonedWork: 'done',
    retryAfterS: 1,
    quota: {
      kind: 'token-bucket',
      limit: demo.server.quota.perSecond,
      perMs: 1_000,
      burst: demo.server.quota.burst,
      hint: 'retry-after',
    },
  },
  phases: demo.server.script.map((phase, index) => ({
    fromMs: demo.server.script[index - 1]?.untilMs ?? 0,
    toMs: phase.untilMs,
    ...troubleOf(phase),
  })),
  load: {
    kind: 'planned',
    processes: demo.herd.clients,
    calls: planCalls(demo.herd).map(({ atMs, client }) => ({ at: atMs, process: client })),
  },
  roundTripMs: 2,
  attemptMs: demo.herd.call.attemptMs,
  totalMs: demo.herd.call.totalMs,
  endMs: demo.herd.stream.forMs,
};

function troubleOf(phase: Phase): Partial<LabScenario['phases'][number]> {
  switch (phase.kind) {
    case 'healthy':
      return {};
    case 'frozen':
      return { freezes: true };
    case 'unavailable':
      return { unavailable: true };
    case 'recovering':
      return { speed: phase.share };
  }
}

function strategyOf({ name, what, policy }: Contender): Strategy {
  const own = policy(demo);
  return paceline({ name, title: name, family: 'own', does: what, told: 'what the demo tells it' }, () => ({
    ...own,
    retry: { ...own.retry, maxRetries: demo.herd.call.maxRetries },
  }));
}

interface Figures {
  readonly success: number;
  readonly attemptsPerCall: number;
}

/** A run whose timers were later than this does not show what the strategy does, but what the machine was busy with. */
const MOST_LATE_MS = 15;

const RUNS = 3;

/** One run on the loopback interface, and by how much its worst timers were late. */
async function realRun(contender: Contender): Promise<Figures & { readonly lateMs: number }> {
  const thread = await openServerThread(demo.server);
  const lateness = monitorEventLoopDelay({ resolution: 1 });
  await thread.start();
  lateness.enable();
  const results = await runHerd(thread.url, demo.herd, contender.policy(demo), () => undefined);
  lateness.disable();
  const arrivals = await thread.finish();
  const successes = results.filter(({ succeeded }) => succeeded).length;
  return {
    success: successes / results.length,
    attemptsPerCall: arrivals.length / results.length,
    lateMs: lateness.percentile(99) / 1e6,
  };
}

async function simulatedRun(contender: Contender): Promise<Figures> {
  const { calls } = await simulate(modelled, strategyOf(contender), 1);
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
  const { length } = calls.attempts;
  return { success: sum(calls.succeeded) / length, attemptsPerCall: sum(calls.attempts) / length };
}

function isClose(real: Figures, simulated: Figures): boolean {
  const isAttemptsClose = Math.abs(real.attemptsPerCall / simulated.attemptsPerCall - 1) < 0.15;
  return isAttemptsClose && Math.abs(real.success - simulated.success) < 0.1;
}

describe('the lab, given the numbers of the demo', () => {
  test.for(contenders)(
    'says what $name does on real sockets: success within 0.1, attempts per call within 15 %',
    async (contender, { skip }) => {
      const simulated = await simulatedRun(contender);
      const runs: Awaited<ReturnType<typeof realRun>>[] = [];
      while (runs.length < RUNS && !runs.some((real) => isClose(real, simulated))) runs.push(await realRun(contender));
      const onTime = runs.filter(({ lateMs }) => lateMs <= MOST_LATE_MS);
      const closest = runs.find((real) => isClose(real, simulated));
      skip(
        closest === undefined && onTime.length === 0,
        'The machine is too busy for real time: no run kept its times',
      );
      expect(closest, JSON.stringify({ simulated, runs })).toBeDefined();
    },
    120_000,
  );
});
