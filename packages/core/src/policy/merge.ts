import { isPlainObject } from './check.ts';
import type { HostPolicy } from './options.ts';

const GROUPS = ['queue', 'retry', 'budget', 'hints', 'pace', 'breaker', 'hedge', 'timeouts'] as const;

/**
 * `over` laid on `base`: groups field by field, anything else as a whole. `false` replaces a group, and a group laid on
 * `false` starts from the defaults. What is `undefined` is unset and overrides nothing.
 *
 * The result is frozen and shares no data with `over`, so whoever made that may go on changing it.
 */
export function mergePolicy(base: HostPolicy, over: HostPolicy): HostPolicy {
  const own = owned(over);
  const merged: { -readonly [K in keyof HostPolicy]: unknown } = { ...base, ...own };
  for (const group of GROUPS) {
    const under = base[group];
    const upper = own[group];
    if (under && upper) merged[group] = Object.freeze({ ...under, ...upper });
  }
  return Object.freeze(merged) as HostPolicy;
}

/** A frozen copy of plain data without what is `undefined`; functions, and a backoff with its state, stay their maker's. */
function owned<T>(value: T): T;
function owned(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => owned(item)));
  if (!isPlainObject(value) || 'delayMs' in value) return value;
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return Object.freeze(Object.fromEntries(entries.map(([name, held]) => [name, owned(held)])));
}
