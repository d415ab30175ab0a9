import { nearestName } from './nearest-name.ts';

/** Where a value stands: `name` in the option at `parent`, which is empty at the top. Joined only to be said. */
export function join(parent: string, name: string): string {
  if (parent === '') return name;
  return name.startsWith('[') ? parent + name : `${parent}.${name}`;
}

/** The value is of the wrong kind. */
export function wrongType(path: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${path}: expected ${expected}, got ${describe(value)}`);
}

/** The value is of the right kind, but none that makes sense. */
export function outOfRange(path: string, expected: string, value: unknown): RangeError {
  return new RangeError(`${path}: expected ${expected}, got ${describe(value)}`);
}

/** There is no option of that name. */
export function unknownOption(path: string, name: string, known: readonly string[]): TypeError {
  const nearest = nearestName(name, known);
  const help = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${nearest}'?`;
  return new TypeError(`${path}: unknown option; ${help}`);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${shorten(value)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return describeObject(value);
  return String(value);
}

function describeObject(value: object): string {
  const maker: unknown = value.constructor;
  if (typeof maker !== 'function' || maker === Object || maker.name === '') return 'an object';
  return `an instance of ${maker.name}`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
