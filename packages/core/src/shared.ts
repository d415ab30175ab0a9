import type { Paceline } from './engine.ts';
import { createPaceline } from './paceline.ts';

const SHARED = Symbol.for('@paceline/shared');

/**
 * The engine that adapters use when they are given none: one a process, also when several copies of the package are
 * loaded. It has the default policy until `configure` changes it.
 *
 * @example
 * ```ts
 * import { perMinute, sharedPaceline } from '@paceline/core';
 *
 * sharedPaceline().configure({ hosts: { 'api.example.com': { rate: perMinute(100) } } });
 * ```
 */
export function sharedPaceline(): Paceline {
  const home = globalThis as { [SHARED]?: Paceline };
  home[SHARED] ??= createPaceline();
  return home[SHARED];
}
