import { basename, extname } from 'node:path';
import { InputError } from '../policy/json-policy.ts';
import type { OwnPolicy } from '../policy/own-strategy.ts';
import { checkNumbers, readServerNumbers, type ServerNumbers } from '../policy/server-numbers.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import { type Arguments, listOf, numberOf } from './arguments.ts';

/** Options that make a policy. */
export const POLICY_OPTIONS = {
  policy: { type: 'string' },
  rate: { type: 'string' },
  burst: { type: 'string' },
  concurrency: { type: 'string' },
  'max-retries': { type: 'string' },
  'base-ms': { type: 'string' },
  jitter: { type: 'string' },
  budget: { type: 'string' },
} as const;

/** Options that make a server; `--server` names a file of them. */
export const SERVER_OPTIONS = {
  server: { type: 'string' },
  workers: { type: 'string' },
  'service-ms': { type: 'string' },
  'queue-length': { type: 'string' },
  processes: { type: 'string' },
  'per-second': { type: 'string' },
} as const;

/** What one's own policy is called in tables, as long as there is but one. */
const OWN = 'own';

/**
 * The user's policies, `file` or `file#export` each, under the flags that go with all of them.
 *
 * @throws InputError if two have the same name, or one has another strategy's.
 */
export function ownPoliciesOf(args: Arguments): OwnPolicy[] {
  const flags = policyFlags(args);
  const sources = listOf(args, 'policy');
  if (sources.length === 0) return Object.keys(flags).length === 0 ? [] : [{ name: OWN, flags }];
  const policies = sources.map((source) => {
    const [file = '', exportName] = source.split('#', 2);
    const name = sources.length === 1 ? OWN : (exportName ?? basename(file, extname(file)));
    return { name, file, flags, ...(exportName === undefined ? {} : { exportName }) };
  });
  const taken = standardStrategies.map(({ name }) => name);
  for (const { name } of policies) {
    if (taken.includes(name))
      throw new InputError(`--policy: there is another strategy '${name}'; name yours otherwise`);
    taken.push(name);
  }
  return policies;
}

function policyFlags(args: Arguments): Record<string, unknown> {
  const { rate, jitter, budget } = args.values;
  const baseMs = numberOf(args, 'base-ms', { from: 0 });
  const hasBackoff = baseMs !== undefined || jitter !== undefined;
  const backoff = hasBackoff ? withoutUnset({ kind: 'exponential', baseMs, jitter }) : undefined;
  const retry = withoutUnset({ maxRetries: numberOf(args, 'max-retries', { from: 0, whole: true }), backoff });
  return withoutUnset({
    rate,
    burst: numberOf(args, 'burst', { from: 1 }),
    concurrency: numberOf(args, 'concurrency', { from: 1, whole: true }),
    retry: Object.keys(retry).length === 0 ? undefined : retry,
    budget: budget === undefined ? undefined : budgetOf(budget),
  });
}

function budgetOf(text: string | boolean): false | { readonly ratio: number } {
  if (text === 'off') return false;
  const ratio = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  if (ratio >= 0) return { ratio };
  throw new InputError(`--budget: expected a number of retries per call such as 0.2, or off, got '${String(text)}'`);
}

/** The numbers of the user's server, if the command line has some; flags win over the file. */
export async function serverNumbersOf(args: Arguments): Promise<ServerNumbers | undefined> {
  const { server } = args.values;
  const fromFile = typeof server === 'string' ? await readServerNumbers(server) : {};
  const flags = withoutUnset({
    workers: numberOf(args, 'workers', { from: 1, whole: true }),
    serviceMs: numberOf(args, 'service-ms', { from: 0.1 }),
    queueLength: numberOf(args, 'queue-length', { from: 0, whole: true }),
    processes: numberOf(args, 'processes', { from: 1, whole: true }),
    perSecond: numberOf(args, 'per-second', { from: 0.001 }),
  });
  const numbers = checkNumbers({ ...fromFile, ...flags }, 'server');
  return Object.keys(numbers).length === 0 ? undefined : numbers;
}

function withoutUnset(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
