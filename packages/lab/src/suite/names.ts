import type { Scenario } from '../scenario/scenario.ts';
import { variations } from '../scenario/variations.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { fleet } from '../strategy/fleet.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import type { Strategy } from '../strategy/strategy.ts';

/** Everything of a kind. */
const ALL = 'all';

/** Something that a user asked for does not exist; the message names what does. */
export class UnknownNameError extends RangeError {
  override readonly name: string = 'UnknownNameError';
}

/**
 * A scenario by its name, or under other circumstances: `brownout@processes-400`.
 *
 * @throws UnknownNameError naming the choices.
 */
export function scenarioNamed(name: string): Scenario {
  const [base = '', variation] = name.split('@', 2);
  const scenario = find('scenario', base, standardScenarios);
  if (variation === undefined) return scenario;
  return { ...find('variation', variation, variations).of(scenario), name, title: `${scenario.title} (${variation})` };
}

/**
 * Scenarios by a name that may stand for several: `all`, `all@zipf`, `brownout@all`. Of several, those of which a variation
 * would change nothing are left out.
 *
 * @throws UnknownNameError naming the choices.
 */
export function scenariosNamed(name: string): Scenario[] {
  const [base = '', variation] = name.split('@', 2);
  if (base !== ALL && variation !== ALL) return [scenarioNamed(name)];
  const scenarios = base === ALL ? standardScenarios : [scenarioNamed(base)];
  if (variation === undefined) return [...scenarios];
  const chosen = variation === ALL ? variations : [find('variation', variation, variations)];
  return scenarios.flatMap((scenario) =>
    chosen.filter(({ of }) => of(scenario) !== scenario).map((each) => scenarioNamed(`${scenario.name}@${each.name}`)),
  );
}

/**
 * A strategy by its name, or several side by side, each in as many processes: `paced+simple`.
 *
 * @throws UnknownNameError naming the choices.
 */
export function strategyNamed(name: string, known: readonly Strategy[] = standardStrategies): Strategy {
  if (!name.includes('+') || known.some((strategy) => strategy.name === name)) return find('strategy', name, known);
  return fleet(name.split('+').map((each) => find('strategy', each, known)));
}

/** The item of that name. */
export function find<T extends { readonly name: string }>(kind: string, name: string, items: readonly T[]): T {
  const found = items.find((item) => item.name === name);
  if (found !== undefined) return found;
  const names = items.map((item) => item.name).join(', ');
  throw new UnknownNameError(`There is no ${kind} '${name}'. There are: ${names}`);
}
