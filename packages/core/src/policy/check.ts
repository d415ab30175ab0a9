import { join, outOfRange, unknownOption, wrongType } from './refusal.ts';

/**
 * Throws unless `value` is what the option `name` of `parent` takes. `undefined` is unset and does not get here, except
 * where something is required.
 */
export type Check = (value: unknown, parent: string, name: string) => void;

/** A check for every option that `T` has; the compiler sees to it that none is forgotten. */
export type Fields<T> = { readonly [K in keyof Required<T>]: Check };

interface NumberRange {
  /** Smallest number that is taken. */
  readonly from?: number;
  /** Smaller than any number that is taken. */
  readonly above?: number;
  /** Largest number that is taken. */
  readonly to?: number;
  readonly whole?: boolean;
  /** Whether Infinity is taken, too. */
  readonly infinity?: boolean;
}

/** A number of `range`, and never NaN. */
export function number(range: NumberRange): Check {
  const { from = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY, to = Number.MAX_VALUE } = range;
  const expected = describeRange(range);
  const holds = (value: number): boolean =>
    (value >= from && value > above && value <= to && (range.whole !== true || Number.isInteger(value))) ||
    (range.infinity === true && value === Number.POSITIVE_INFINITY);
  return (value, parent, name) => {
    if (typeof value !== 'number') throw wrongType(join(parent, name), expected, value);
    if (!holds(value)) throw outOfRange(join(parent, name), expected, value);
  };
}

function describeRange({ from, above, to, whole = false, infinity = false }: NumberRange): string {
  const kind = whole ? 'a whole number' : 'a number';
  const low = from === undefined ? '' : ` from ${from}`;
  const open = above === undefined ? '' : ` above ${above}`;
  const high = to === undefined ? '' : ` to ${to}`;
  const bounds = low + open + high === '' ? ' that is finite' : low + open + high;
  return kind + bounds + (infinity ? ', or Infinity' : '');
}

/** What `typeof` says, and nothing more. */
export function ofType(type: 'boolean' | 'function', expected: string): Check {
  return (value, parent, name) => {
    if (typeof value !== type) throw wrongType(join(parent, name), expected, value);
  };
}

/** One of a few words. */
export function oneOf(...choices: readonly string[]): Check {
  const expected = choices.map((choice) => `'${choice}'`).join(' or ');
  return (value, parent, name) => {
    if (!choices.some((choice) => choice === value)) throw wrongType(join(parent, name), expected, value);
  };
}

/** A string that `pattern` matches. */
export function text(pattern: RegExp, expected: string): Check {
  return (value, parent, name) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw wrongType(join(parent, name), expected, value);
  };
}

/** An array of what `element` takes. */
export function listOf(element: Check, expected: string): Check {
  return (value, parent, name) => {
    const path = join(parent, name);
    if (!Array.isArray(value)) throw wrongType(path, expected, value);
    // Not forEach, which would step over holes.
    for (const [index, item] of value.entries()) element(item, path, `[${index}]`);
  };
}

interface ObjectRules {
  /** What the object is, in the words of the message. */
  readonly expected?: string;
  /** Options that it cannot do without. */
  readonly required?: readonly string[];
}

/** An object with these options and no others. */
export function object(fields: Readonly<Record<string, Check>>, rules: ObjectRules = {}): Check {
  const { expected = 'an object', required = [] } = rules;
  const checks: readonly (readonly [option: string, check: Check])[] = Object.entries(fields);
  const known = Object.keys(fields);
  return (value, parent, name) => {
    const path = join(parent, name);
    if (!isPlainObject(value)) throw wrongType(path === '' ? 'options' : path, expected, value);
    const stray = Object.keys(value).find((option) => !known.includes(option));
    if (stray !== undefined) throw unknownOption(join(path, stray), stray, known);
    for (const [option, check] of checks) {
      if (value[option] !== undefined || required.includes(option)) check(value[option], path, option);
    }
  };
}

/** An object with any keys: each of them, and what it holds, goes to `entry`. */
export function recordOf(entry: (key: string, value: unknown, path: string) => void, expected: string): Check {
  return (value, parent, name) => {
    const path = join(parent, name);
    if (!isPlainObject(value)) throw wrongType(path, expected, value);
    for (const [key, held] of Object.entries(value)) entry(key, held, path);
  };
}

/** An object with these functions, of whatever class. */
export function having(methods: readonly string[], expected: string): Check {
  return (value, parent, name) => {
    const missing = methods.some((method) => typeof (value as Record<string, unknown> | null)?.[method] !== 'function');
    if (missing) throw wrongType(join(parent, name), expected, value);
  };
}

/** `false`, or what `check` takes. */
export function falseOr(check: Check): Check {
  return (value, parent, name) => {
    if (value !== false) check(value, parent, name);
  };
}

/** A Map or an instance of some class would show no options at all and so pass for an empty object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The last step is for objects of another realm, whose Object.prototype is not ours.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
