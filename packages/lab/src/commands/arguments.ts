import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from '../policy/json-policy.ts';

/** Options of a command by their names. */
export type Options = NonNullable<ParseArgsConfig['options']>;

/** What the command line says, before anybody looks at what it means. */
export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Reads the arguments of a command.
 *
 * @throws InputError for an option that it does not have, naming those that it has.
 */
export function readArguments(args: readonly string[], options: Options): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values: values as Arguments['values'], positionals };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new InputError(`${message}. There are: ${names.join(', ')}`, { cause: error });
  }
}

/**
 * A number from the command line; undefined if it was not given.
 *
 * @throws InputError unless it is one in the range.
 */
export function numberOf(
  { values }: Arguments,
  name: string,
  { from, whole = false }: { readonly from: number; readonly whole?: boolean },
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  if (number >= from && Number.isFinite(number) && (!whole || Number.isInteger(number))) return number;
  throw new InputError(`--${name}: expected a ${whole ? 'whole ' : ''}number from ${from}, got '${String(text)}'`);
}

/** A list of words, separated by commas; empty if it was not given. */
export function listOf({ values }: Arguments, name: string): string[] {
  const text = values[name];
  if (typeof text !== 'string' || text === 'all') return [];
  return text.split(',').map((word) => word.trim());
}
