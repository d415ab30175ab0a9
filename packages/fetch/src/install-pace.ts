import { attach, type Paceline, sharedPaceline } from '@paceline/core';
import type { Fetch } from './fetch-call.ts';
import { paceFetch } from './pace-fetch.ts';

/**
 * Paces `globalThis.fetch` itself, for code that cannot be handed another fetch. Where the engine is installed already,
 * nothing happens.
 *
 * @param pace the engine. Default: the one shared by the process.
 * @returns the undo. If somebody has wrapped the paced fetch since, theirs stays in place and ours passes calls through.
 *
 * @example
 * ```ts
 * import { installPace } from '@paceline/fetch';
 *
 * const uninstall = installPace();
 * await fetch('https://api.example.com/items');
 * uninstall();
 * ```
 */
export function installPace(pace: Paceline = sharedPaceline()): () => void {
  const before = globalThis.fetch;
  let current: Fetch = paceFetch(pace, before);
  if (current === before) return () => {};
  const installed: Fetch = attach<Fetch>((input, init) => current(input, init), { pace, inner: before });
  globalThis.fetch = installed;
  return () => {
    if (globalThis.fetch === installed) globalThis.fetch = before;
    else current = before;
  };
}
