import { type OwnPolicy, ownStrategy } from '../policy/own-strategy.ts';
import { type ServerNumbers, withNumbers } from '../policy/server-numbers.ts';
import { scaled } from '../scenario/scale.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { scenariosNamed, strategyNamed } from './names.ts';

/** What a command line asks for; plain JSON, so that every thread makes the same of it. */
export interface Plan {
  /** Names, also of several: `all@zipf`. Empty is all. */
  readonly scenarios: readonly string[];
  readonly strategies: readonly string[];
  readonly seeds: readonly number[];
  /** Share of the servers and their clients that is simulated. */
  readonly share: number;
  /** Policies that the user brings along. */
  readonly own?: readonly OwnPolicy[];
  readonly numbers?: ServerNumbers;
}

/** A plan, looked up. */
export interface ResolvedPlan {
  readonly scenarios: readonly Scenario[];
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly number[];
}

/** What a quick run looks at: a fifth of everything, once. */
export const QUICK: Pick<Plan, 'seeds' | 'share'> = { seeds: [1], share: 0.2 };

/**
 * Looks everything up and reads the files that the plan names.
 *
 * @throws UnknownNameError for a name that does not exist, Error for a file that cannot be used.
 */
export async function resolvePlan({
  scenarios,
  strategies,
  seeds,
  share,
  own = [],
  numbers,
}: Plan): Promise<ResolvedPlan> {
  const chosen = scenarios.length === 0 ? standardScenarios : scenarios.flatMap(scenariosNamed);
  const ownStrategies = await Promise.all(own.map(ownStrategy));
  const known = [...ownStrategies, ...standardStrategies];
  const others = strategies.length === 0 ? standardStrategies : strategies.map((name) => strategyNamed(name, known));
  return {
    scenarios: chosen.map((scenario) => scaled(withNumbers(scenario, numbers), share)),
    strategies: [...new Set([...ownStrategies, ...others])],
    seeds,
  };
}
