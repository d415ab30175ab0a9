import {
  type Backoff,
  constant,
  exponential,
  type HostPolicy,
  immediate,
  type LinearOptions,
  linear,
  type Rate,
} from '@paceline/core';

/** A file or a flag that cannot be used; the message says which, and what was expected. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 };

/**
 * A rate as people write it: `10/s`, `600/min`, `5000/h`.
 *
 * @throws InputError for anything else.
 */
function parseRate(text: string, where: string): Rate {
  const [, limit = '', unit = ''] = /^([\d.]+)\/(s|min|h)$/.exec(text.trim()) ?? [];
  const perMs = UNITS_MS[unit];
  if (perMs === undefined || !(Number(limit) > 0)) {
    throw new InputError(`${where}: expected a rate such as 10/s, 600/min or 5000/h, got ${JSON.stringify(text)}`);
  }
  return { limit: Number(limit), perMs };
}

/**
 * A policy from JSON: a `HostPolicy` whose rates may be written as text (`"10/s"`) and whose backoff is data
 * (`{ "kind": "exponential", "baseMs": 100 }`). What else is wrong with it, the engine will say.
 *
 * @throws InputError for a rate or a backoff that cannot be read.
 */
export function policyFromJson(value: unknown, where: string): HostPolicy {
  if (!isRecord(value)) throw new InputError(`${where}: expected an object, got ${JSON.stringify(value)}`);
  const policy: Record<string, unknown> = { ...value };
  if (policy.rate !== undefined) policy.rate = ratesOf(policy.rate, `${where}: rate`);
  if (isRecord(policy.retry) && policy.retry.backoff !== undefined) {
    policy.retry = { ...policy.retry, backoff: backoffOf(policy.retry.backoff, `${where}: retry.backoff`) };
  }
  return policy;
}

function ratesOf(value: unknown, where: string): unknown {
  if (Array.isArray(value)) return value.map((rate) => ratesOf(rate, where));
  return typeof value === 'string' ? parseRate(value, where) : value;
}

interface BackoffKind {
  readonly options: readonly string[];
  readonly make: (options: Readonly<Record<string, unknown>>) => Backoff;
}

/** Core checks the values; what it would not notice is a misspelt name. */
const BACKOFFS: Readonly<Record<string, BackoffKind>> = {
  exponential: { options: ['baseMs', 'capMs', 'jitter'], make: (options) => exponential(options) },
  linear: {
    options: ['baseMs', 'stepMs', 'capMs', 'jitter'],
    make: (options) => linear(options as LinearOptions & typeof options),
  },
  constant: { options: ['ms'], make: ({ ms }) => constant(typeof ms === 'number' ? ms : Number.NaN) },
  immediate: { options: [], make: () => immediate },
};

function backoffOf(value: unknown, where: string): unknown {
  if (!isRecord(value) || 'delayMs' in value) return value;
  const { kind, ...options } = value;
  const known = BACKOFFS[String(kind)];
  if (known === undefined) throw notOneOf(`${where}.kind`, Object.keys(BACKOFFS), kind);
  const stranger = Object.keys(options).find((name) => !known.options.includes(name));
  if (stranger !== undefined) throw notOneOf(`an option of ${where}`, known.options, stranger);
  try {
    return known.make(options);
  } catch (error) {
    throw new InputError(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function notOneOf(what: string, choices: readonly string[], got: unknown): InputError {
  return new InputError(`${what}: expected one of ${choices.join(', ')}, got ${JSON.stringify(got)}`);
}

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
