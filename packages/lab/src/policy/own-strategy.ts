import { createPaceline, type HostPolicy } from '@paceline/core';
import { paceline } from '../strategy/paceline.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { InputError, isRecord, policyFromJson } from './json-policy.ts';
import { readOwnFile } from './own-file.ts';

/** A policy that a user brings along; plain JSON. */
export interface OwnPolicy {
  /** A file that holds or exports a `policy`. */
  readonly file?: string;
  /** The same as JSON, from flags; wins over the file, group by group. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** Its name in tables. */
const OWN = 'own';

/**
 * The engine under the user's policy.
 *
 * @throws InputError if the policy is none; the message is the engine's own where it is the engine that refuses it.
 */
export async function ownStrategy({ file, flags = {} }: OwnPolicy): Promise<Strategy> {
  const fromFile = file === undefined ? {} : policyFromJson(await readOwnFile(file, 'policy'), file);
  const policy = merged(fromFile, policyFromJson(flags, 'flags'));
  check(policy, file ?? 'flags');
  return paceline(
    {
      name: OWN,
      title: file === undefined ? 'Your policy' : `Your policy (${file})`,
      family: 'own',
      does: 'What you are about to ship.',
      told: 'what the policy says',
    },
    () => policy,
  );
}

function merged(base: HostPolicy, over: HostPolicy): HostPolicy {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const known = result[name];
    result[name] = isRecord(known) && isRecord(value) && name !== 'rate' ? { ...known, ...value } : value;
  }
  return result;
}

function check(policy: HostPolicy, where: string): void {
  try {
    createPaceline({ defaults: policy });
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^defaults\.?/, '') : String(error);
    throw new InputError(`${where}: ${message}`, { cause: error });
  }
}
