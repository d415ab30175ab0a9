import { ladder } from '../strategy/paceline.ts';
import { type Plan, QUICK } from '../suite/plan.ts';
import { type Arguments, listOf, numberOf, type Options } from './arguments.ts';
import { ownPoliciesOf, POLICY_OPTIONS, SERVER_OPTIONS, serverNumbersOf } from './own-flags.ts';

/** Options of every command that simulates. */
export const PLAN_OPTIONS: Options = {
  strategy: { type: 'string' },
  seeds: { type: 'string' },
  'first-seed': { type: 'string' },
  quick: { type: 'boolean' },
  threads: { type: 'string' },
  json: { type: 'boolean' },
  ...POLICY_OPTIONS,
  ...SERVER_OPTIONS,
};

export const STANDARD_SEEDS = 5;

/** What the command line asks to simulate. */
export async function planOf(args: Arguments): Promise<Plan> {
  const isQuick = args.values.quick === true;
  const own = ownPoliciesOf(args);
  const numbers = await serverNumbersOf(args);
  const count = numberOf(args, 'seeds', { from: 1, whole: true }) ?? (isQuick ? QUICK.seeds.length : STANDARD_SEEDS);
  const first = numberOf(args, 'first-seed', { from: 0, whole: true }) ?? 1;
  const isCompared = own.length > 0 && args.values.strategy === undefined;
  return {
    scenarios: args.positionals,
    strategies: isCompared ? ladder.map(({ name }) => name) : listOf(args, 'strategy'),
    seeds: Array.from({ length: count }, (_, index) => first + index),
    share: isQuick ? QUICK.share : 1,
    own,
    ...(numbers === undefined ? {} : { numbers }),
  };
}
