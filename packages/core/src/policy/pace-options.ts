import type { PaceOptions } from '../call/call.ts';
import { type Check, type Fields, isPlainObject, number, ofType, text } from './check.ts';
import { unknownOption, wrongType } from './refusal.ts';

const fields: Fields<PaceOptions> = {
  priority: number({}),
  cost: number({ above: 0 }),
  key: text(/./s, 'a lane key that is not empty'),
  maxRetries: number({ from: 0, whole: true, infinity: true }),
  attemptMs: number({ above: 0, infinity: true }),
  totalMs: number({ above: 0, infinity: true }),
  maxWaitMs: number({ from: 0, infinity: true }),
  idempotent: ofType('boolean', 'true or false'),
  fallback: ofType('function', 'a function'),
};

/** A Map, so that `constructor` is as unknown as any other name. */
const checks: ReadonlyMap<string, Check> = new Map(Object.entries(fields));

/**
 * Checks the options of one call. Runs for every call that has some, so it walks them once and makes nothing.
 *
 * @throws TypeError for a wrong type or an unknown name; RangeError for a number that is out of range.
 */
export function checkPaceOptions(options: unknown): void {
  if (!isPlainObject(options)) throw wrongType('pace', 'an object', options);
  for (const name in options) {
    const value = options[name];
    if (value === undefined && checks.has(name)) continue;
    const check = checks.get(name);
    if (!check) throw unknownOption(`pace.${name}`, name, [...checks.keys()]);
    check(value, 'pace', name);
  }
}
