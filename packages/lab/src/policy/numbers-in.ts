import { isRecord } from './json-policy.ts';

/** Where a number stands in a policy: `['retry', 'maxRetries']`. */
export type NumberPath = readonly string[];

/** A number of a policy as it is written down; a rate may be text. */
export type PolicyNumber = number | string;

/** A rate as text: its number, and the rest. */
const RATE_TEXT = /^([\d.]+)(\/.*)$/;

/** Fields whose numbers are names: half of a status is none. */
const NAMES: readonly string[] = ['statuses'];

/** All numbers of a policy that say how much, with the places where they stand. */
export function numbersIn(
  value: unknown,
  at: NumberPath = [],
): { readonly at: NumberPath; readonly number: PolicyNumber }[] {
  if (isNumeric(value)) return [{ at, number: value }];
  const fields = isRecord(value) || Array.isArray(value) ? Object.entries(value) : [];
  return fields.flatMap(([name, field]) => (NAMES.includes(name) ? [] : numbersIn(field, [...at, name])));
}

/** The same policy with another number at that place. */
export function withNumber(value: unknown, [name, ...rest]: NumberPath, number: PolicyNumber): unknown {
  if (name === undefined) return number;
  const change = (key: string, field: unknown): unknown => (key === name ? withNumber(field, rest, number) : field);
  if (Array.isArray(value)) return value.map((field, index) => change(String(index), field));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, change(key, field)]));
}

/** A number times a factor; whole if it has to be. */
export function multiplied(number: PolicyNumber, factor: number, isWhole: boolean): PolicyNumber {
  if (typeof number === 'number') return isWhole ? Math.round(number * factor) : number * factor;
  const [, count, unit] = RATE_TEXT.exec(number) ?? [];
  return `${Number(count) * factor}${unit}`;
}

function isNumeric(value: unknown): value is PolicyNumber {
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && RATE_TEXT.test(value);
}
