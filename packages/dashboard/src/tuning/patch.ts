import type { HostPolicy, Rate } from '@paceline/core';
import { Refusal } from '../http/refusal.ts';

/** What may be changed, and of each which fields. */
const TUNABLE = {
  rate: ['limit', 'perMs', 'burst'],
  concurrency: [],
  retry: ['maxRetries'],
  budget: ['ratio', 'minPerSecond'],
} as const;

/** A part of a policy that may be changed. */
export type Tunable = keyof typeof TUNABLE;

/** No rate at all, laid on one that there was. */
export const UNLIMITED: Rate = Object.freeze({ limit: Number.POSITIVE_INFINITY, perMs: 1000 });

/**
 * A change of settings that came as JSON, as a policy. Whether its values make sense is left to the engine, which says
 * what it expects.
 *
 * @throws Refusal if it changes nothing, or something that is not to be changed from here.
 */
export function policyFrom(settings: unknown): HostPolicy {
  if (!isObject(settings)) throw new Refusal(400, 'settings: expected an object');
  const parts = Object.entries(settings);
  if (parts.length === 0) throw new Refusal(400, `settings: expected some of ${Object.keys(TUNABLE).join(', ')}`);
  return Object.fromEntries(parts.map(([name, value]) => [name, partFrom(name, value)]));
}

export function isTunable(name: string): name is Tunable {
  return Object.hasOwn(TUNABLE, name);
}

function partFrom(name: string, value: unknown): unknown {
  if (!isTunable(name)) {
    throw new Refusal(400, `settings.${name}: cannot be changed here; known are ${Object.keys(TUNABLE).join(', ')}`);
  }
  if (value === null) return Number.POSITIVE_INFINITY;
  if (Array.isArray(value)) return value.length === 0 ? UNLIMITED : value.map((one) => fieldsFrom(name, one));
  return fieldsFrom(name, value);
}

/** Null is without bound, which a burst cannot be: there it is the default. */
function fieldsFrom(name: Tunable, value: unknown): unknown {
  if (!isObject(value)) return value;
  const known: readonly string[] = TUNABLE[name];
  const stray = Object.keys(value).find((field) => !known.includes(field));
  if (stray !== undefined) throw new Refusal(400, `settings.${name}.${stray}: cannot be changed here`);
  const fields = Object.entries(value).filter(([field, held]) => !(field === 'burst' && held === null));
  return Object.fromEntries(fields.map(([field, held]) => [field, held ?? Number.POSITIVE_INFINITY]));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
