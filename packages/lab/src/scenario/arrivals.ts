import { type Phase, phaseAt } from '../server/server-spec.ts';
import { exponentialOf, type Random, randomStream } from '../sim/random.ts';
import type { PlannedCall, Scenario } from './scenario.ts';

/** The calls of a run, in order of arrival. */
export interface Arrivals {
  /** Milliseconds since the start. */
  readonly at: Float64Array;
  /** Which process each one belongs to. */
  readonly process: Int32Array;
}

/** The calls of a scenario for a seed: the same for every strategy. */
export function arrivalsOf(scenario: Scenario, seed: number): Arrivals {
  const calls = callsOf(scenario, seed);
  return { at: Float64Array.from(calls, (call) => call.at), process: Int32Array.from(calls, (call) => call.process) };
}

function callsOf(scenario: Scenario, seed: number): readonly PlannedCall[] {
  const { load } = scenario;
  switch (load.kind) {
    case 'open':
      return openArrivals(scenario, load, seed);
    case 'batch':
      return Array.from({ length: load.calls }, (_, index) => ({ at: 0, process: index % load.processes }));
    case 'planned':
      return load.calls;
  }
}

function openArrivals(
  { phases, endMs }: Scenario,
  load: Extract<Scenario['load'], { kind: 'open' }>,
  seed: number,
): PlannedCall[] {
  const shares = sharesOf(load.processes, load.skew ?? 0);
  return shares
    .flatMap((share, process) => {
      const random = randomStream(seed, 'arrivals', process);
      return poisson((share * load.perSecond) / 1000, phases, endMs, random).map((at) => ({ at, process }));
    })
    .sort((a, b) => a.at - b.at || a.process - b.process);
}

/** Zipf: the share of the n-th process falls with n to the power of `skew`; 0 is all the same. */
function sharesOf(processes: number, skew: number): number[] {
  const weights = Array.from({ length: processes }, (_, index) => (index + 1) ** -skew);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The stream has no memory, so at each change of the load it may as well begin anew. */
function poisson(perMs: number, phases: readonly Phase[], endMs: number, random: Random): number[] {
  const changes = [...new Set([...phases.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), endMs])].sort((a, b) => a - b);
  const times: number[] = [];
  let now = 0;
  while (now < endMs) {
    const until = Math.min(endMs, changes.find((change) => change > now) ?? endMs);
    const load = phaseAt(phases, now)?.load ?? 1;
    now += exponentialOf(1 / (perMs * load), random);
    if (now < until) times.push(now);
    else now = until;
  }
  return times;
}
