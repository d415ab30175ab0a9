import type { Call, CallRetry, PaceOptions } from '@paceline/core';
import { answered } from './answer.ts';
import { isCopyable, isReplayable } from './body.ts';
import { failed } from './failure.ts';
import { followAbort } from './follow.ts';

export type Fetch = typeof globalThis.fetch;
export type FetchInput = string | URL | Request;

/** What fetch takes, and how the call is paced. */
export interface PacedInit extends RequestInit {
  /** Unset fields follow the host's policy. */
  readonly pace?: PaceOptions<Response> | undefined;
}

/** What a client that sends through fetch knows beside fetch's arguments. */
export interface ClientFacts {
  readonly options?: PaceOptions<Response> | undefined;
  readonly retry?: CallRetry | undefined;
  readonly defaultAttemptMs?: number | undefined;
  /** Whether the client itself puts the same body on the wire for each attempt. */
  readonly resends?: boolean | undefined;
}

/** One fetch as the engine sees it, and the way out of it. */
export interface FetchCall extends Call<Response> {
  /** From here on the engine aborts nothing more, but the caller's signal still has to end the reading of the body. */
  handOver(response: Response): Response;
}

/** What aborts the attempt of a response, where both the engine and the caller may do so. A hedged call may have two. */
const linkOf = new WeakMap<Response, AbortController>();

/** Makes a call of fetch's arguments. Each attempt goes out with the caller's own, as they are. */
export function fetchCall(
  fetch: Fetch,
  url: string,
  input: FetchInput,
  init?: PacedInit,
  { resends, options = init?.pace, ...facts }: ClientFacts = {},
): FetchCall {
  const request = requestOf(input);
  const headers = init?.headers ?? request?.headers;
  const signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined;
  const isCopied = !resends && !init?.body && request !== undefined && isCopyable(request);
  const replayable = resends || isCopied || isReplayable(init?.body ?? request?.body);
  let unsent = input;
  async function sendOnce(sent: FetchInput, own: AbortSignal | undefined): Promise<Response> {
    if (own === undefined || own === signal) return fetch(sent, init);
    const link = signal && linkedTo(own);
    const response = await fetch(sent, { ...init, signal: link?.signal ?? own });
    if (link) linkOf.set(response, link);
    return response;
  }

  return {
    ...facts,
    url,
    method: methodOf(request, init),
    replayable,
    signal,
    options,
    /** Read only after a failure, so that the headers of most calls are never walked. */
    get idempotencyKey() {
      // Those of a Request are asked themselves: under MSW a copy of them is empty.
      const known = headers instanceof Headers ? headers : new Headers(headers);
      return known.get('idempotency-key') ?? undefined;
    },
    async send(attempt) {
      const sent = unsent;
      try {
        if (isCopied) unsent = (sent as Request).clone();
        return answered(await sendOnce(sent, attempt.signal));
      } catch (error) {
        return failed(error, url, init, replayable);
      }
    },
    handOver(response) {
      const link = linkOf.get(response);
      if (link && signal && response.body) followAbort(signal, link, response.body);
      return response;
    },
  };
}

function linkedTo(signal: AbortSignal): AbortController {
  const link = new AbortController();
  signal.addEventListener('abort', () => link.abort(signal.reason));
  return link;
}

/** By its shape, so that Requests of other realms and of undici's package count as well. */
export function requestOf(input: FetchInput): Request | undefined {
  return typeof input === 'object' && 'url' in input ? input : undefined;
}

export function methodOf(request: Request | undefined, init: RequestInit | undefined): string {
  return (init?.method ?? request?.method ?? 'GET').toUpperCase();
}
