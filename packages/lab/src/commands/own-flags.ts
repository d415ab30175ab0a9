import { InputError } from '../policy/json-policy.ts';
import type { OwnPolicy } from '../policy/own-strategy.ts';
import { checkNumbers, readServerNumbers, type ServerNumbers } from '../policy/server-numbers.ts';
import { type Arguments, numberOf } from './arguments.ts';

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

/** The user's policy, if the command line has one. */
export function ownPolicyOf(args: Arguments): OwnPolicy | undefined {
  const { policy: file } = args.values;
  const flags = policyFlags(args);
  if (typeof file !== 'string' && Object.keys(flags).length === 0) return undefined;
  return { flags, ...(typeof file === 'string' ? { file } : {}) };
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
