import type { Scenario } from '../scenario/scenario.ts';
import { variations } from '../scenario/variations.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import type { Strategy } from '../strategy/strategy.ts';

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
 * A strategy by its name.
 *
 * @throws UnknownNameError naming the choices.
 */
export function strategyNamed(name: string): Strategy {
  return find('strategy', name, standardStrategies);
}

/** The item of that name. */
export function find<T extends { readonly name: string }>(kind: string, name: string, items: readonly T[]): T {
  const found = items.find((item) => item.name === name);
  if (found !== undefined) return found;
  const names = items.map((item) => item.name).join(', ');
  throw new UnknownNameError(`There is no ${kind} '${name}'. There are: ${names}`);
}
