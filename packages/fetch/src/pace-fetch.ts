import { attach, attachmentOf, type Paceline, sharedPaceline, warnOnce } from '@paceline/core';
import type { Fetch, FetchInput, PacedInit } from './fetch-call.ts';
import { sendPaced } from './send-paced.ts';

/** fetch with one more option: `pace`. Goes wherever a plain fetch goes. */
export type PacedFetch = (input: FetchInput, init?: PacedInit) => Promise<Response>;

/**
 * Makes a fetch that sends every attempt through `pace`: in line for its host, at the host's pace, retried within the
 * host's budget.
 *
 * Its result is that of the last attempt: fetch's own Response with its body unread, or fetch's own error. Requests that
 * go to no host (`data:`, `blob:`), that fetch refuses at once, or that leave with their page (`keepalive` on a hidden
 * one) are passed on as they are.
 *
 * @param pace the engine. Default: the one shared by the process.
 * @param inner the fetch to wrap. Default: whatever `globalThis.fetch` is at the time of each call.
 * @throws PacelineError (as a rejection) where Paceline refused the call or ran out of time; TypeError or RangeError for
 * wrong `pace` options.
 *
 * @example
 * ```ts
 * import { createPaceline, perSecond } from '@paceline/core';
 * import { paceFetch } from '@paceline/fetch';
 *
 * const fetch = paceFetch(createPaceline({ hosts: { 'api.example.com': { rate: perSecond(10) } } }));
 * const response = await fetch('https://api.example.com/items', { pace: { priority: 1, maxRetries: 5 } });
 * ```
 */
export function paceFetch(pace: Paceline = sharedPaceline(), inner?: Fetch): PacedFetch {
  if (inner && attachmentOf(inner)?.pace === pace) return inner;
  const plain: Fetch = (input, init) => unpaced(pace, inner ?? globalThis.fetch)(input, init);
  return attach<Fetch>((input, init) => sendPaced(pace, plain, input, init), { pace, inner: plain });
}

/** The fetch under a paced one, so that no call passes two engines and multiplies its retries. */
export function unpaced(pace: Paceline, fetch: Fetch): Fetch {
  const attachment = attachmentOf(fetch);
  if (attachment && attachment.pace !== pace)
    warnOnce('one fetch was given to two engines; only one of them paces it.');
  return attachment?.inner ?? fetch;
}
