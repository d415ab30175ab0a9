import { createPaceline, type HostPolicy } from '@paceline/core';
import { paceline } from '../strategy/paceline.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { InputError, isRecord, policyFromJson } from './json-policy.ts';
import { type NumberPath, type PolicyNumber, withNumber } from './numbers-in.ts';
import { readOwnFile } from './own-file.ts';

/** A policy that a user brings along; plain JSON. */
export interface OwnPolicy {
  /** As in tables, and on the command line. */
  readonly name: string;
  readonly file?: string;
  /** What a module exports it as. @default 'policy' */
  readonly exportName?: string;
  /** From flags; wins over the file, field by field. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Another number in one place, to see how much depends on it. */
  readonly changed?: { readonly at: NumberPath; readonly number: PolicyNumber };
}

/**
 * The engine under the user's policy.
 *
 * @throws InputError if the policy is none; the message is the engine's own where it is the engine that refuses it.
 */
export async function ownStrategy(own: OwnPolicy): Promise<Strategy> {
  const { name, file, changed } = own;
  const where = file ?? 'flags';
  const written = await writtenPolicy(own);
  const policy = policyFromJson(
    changed === undefined ? written : withNumber(written, changed.at, changed.number),
    where,
  );
  check(policy, where);
  return paceline(
    {
      name,
      title: file === undefined ? 'Your policy' : `Your policy (${file})`,
      family: 'own',
      does: 'What you are about to ship.',
      told: 'what the policy says',
    },
    () => policy,
  );
}

/** The policy as it is written down: rates may be text, backoffs data. */
export async function writtenPolicy({ file, exportName = 'policy', flags = {} }: OwnPolicy): Promise<unknown> {
  return file === undefined ? flags : merged(await readOwnFile(file, exportName), flags);
}

/** Field by field, but for a backoff of another kind, which replaces the one that was there. */
function merged(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over) || 'kind' in over) return over;
  const changed = Object.entries(over).map(([name, value]) => [name, merged(base[name], value)]);
  return { ...base, ...Object.fromEntries(changed) };
}

function check(policy: HostPolicy, where: string): void {
  try {
    createPaceline({ defaults: policy });
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^defaults\.?/, '') : String(error);
    throw new InputError(`${where}: ${message}`, { cause: error });
  }
}
