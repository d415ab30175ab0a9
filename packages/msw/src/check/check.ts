/** Bounds of a number, both included. */
export interface Bounds {
  readonly from: number;
  readonly to?: number;
  readonly integer?: boolean;
}

/** An object whose names are all among `known`. */
export function checkFields<T extends object>(path: string, value: T, known: readonly (keyof T & string)[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(path, 'an object', value);
  const names: readonly string[] = known;
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw new TypeError(`${path}: expected only ${known.join(', ')}; got '${name}'`);
  }
  return value;
}

export function checkNumber(path: string, value: unknown, { from, to, integer = false }: Bounds): number {
  const rule = `${integer ? 'an integer' : 'a number'} from ${from}${to === undefined ? '' : ` to ${to}`}`;
  if (typeof value !== 'number') throw wrongType(path, rule, value);
  const within = value >= from && value <= (to ?? Number.POSITIVE_INFINITY);
  if (!within || (integer && !Number.isInteger(value))) throw new RangeError(`${path}: expected ${rule}, got ${value}`);
  return value;
}

export function checkOneOf<T extends string>(path: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw wrongType(path, choices.map((choice) => `'${choice}'`).join(' or '), value);
}

export function checkList<T>(path: string, value: readonly T[]): readonly T[] {
  if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
  return value;
}

export function wrongType(path: string, rule: string, value: unknown): TypeError {
  return new TypeError(`${path}: expected ${rule}, got ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
