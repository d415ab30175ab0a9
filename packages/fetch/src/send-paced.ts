import type { Paceline } from '@paceline/core';
import { isUnusable } from './body.ts';
import {
  type ClientFacts,
  type Fetch,
  FetchCall,
  type FetchInput,
  methodOf,
  type PacedInit,
  requestOf,
} from './fetch-call.ts';

/**
 * Sends one request through an engine, with `fetch` for each attempt: what `paceFetch` does, for clients that know more
 * of their calls than fetch's arguments tell. Resolves to fetch's own Response, body unread, and rejects with fetch's own
 * error.
 */
export async function sendPaced(
  pace: Paceline,
  fetch: Fetch,
  input: FetchInput,
  init?: PacedInit,
  client?: ClientFacts,
): Promise<Response> {
  // A Request in the place of init has its members on the prototype, where a copy of it would not find them.
  if (init instanceof Request) return sendPaced(pace, fetch, new Request(input, init), undefined, client);
  const request = requestOf(input);
  const url = absoluteUrl(request?.url ?? String(input));
  if (!url || isUnusable(init?.body, request, methodOf(request, init)) || leavesWithPage(init, request)) {
    return fetch(input, init);
  }
  const call = new FetchCall(fetch, url, input, init, client);
  const outcome = await pace.run(call);
  if (outcome.kind === 'failed') throw outcome.error;
  return call.handOver(outcome.value);
}

/** Undefined for what goes to no host, and for what fetch itself has to refuse. */
function absoluteUrl(url: string): string | undefined {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const absolute = URL.canParse(url) ? url : URL.parse(url, base)?.href;
  return absolute && /^\s*http/i.test(absolute) ? absolute : undefined;
}

/** Page that goes away runs no queue. */
function leavesWithPage(init: RequestInit | undefined, request: Request | undefined): boolean {
  return Boolean(init?.keepalive ?? request?.keepalive) && globalThis.document?.visibilityState === 'hidden';
}
