import type { Attempt, Call, CallRetry, Outcome, PaceOptions } from '@paceline/core';
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

/** What aborts the attempt of a response, where both the engine and the caller may do so. A hedged call may have two. */
const linkOf = new WeakMap<Response, AbortController>();

/** One fetch as the engine sees it, made of fetch's arguments. Each attempt goes out with the caller's own, as they are. */
export class FetchCall implements Call<Response> {
  readonly url: string;
  readonly method: string;
  readonly replayable: boolean;
  readonly signal: AbortSignal | undefined;
  readonly options: PaceOptions<Response> | undefined;
  readonly retry: CallRetry | undefined;
  readonly defaultAttemptMs: number | undefined;
  readonly #fetch: Fetch;
  readonly #init: PacedInit | undefined;
  readonly #headers: HeadersInit | undefined;
  readonly #isCopied: boolean;
  #unsent: FetchInput;

  constructor(fetch: Fetch, url: string, input: FetchInput, init?: PacedInit, client: ClientFacts = {}) {
    const request = requestOf(input);
    const { resends } = client;
    this.url = url;
    this.method = methodOf(request, init);
    this.signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined;
    this.options = client.options ?? init?.pace;
    this.retry = client.retry;
    this.defaultAttemptMs = client.defaultAttemptMs;
    this.#fetch = fetch;
    this.#init = init;
    this.#headers = init?.headers ?? request?.headers;
    this.#isCopied = !resends && !init?.body && request !== undefined && isCopyable(request);
    this.replayable = resends || this.#isCopied || isReplayable(init?.body ?? request?.body);
    this.#unsent = input;
  }

  /** Read only after a failure, so that the headers of most calls are never walked. */
  get idempotencyKey(): string | undefined {
    const headers = this.#headers;
    // Those of a Request are asked themselves: under MSW a copy of them is empty.
    const known = headers instanceof Headers ? headers : new Headers(headers);
    return known.get('idempotency-key') ?? undefined;
  }

  async send({ signal }: Attempt): Promise<Outcome<Response>> {
    const fetch = this.#fetch;
    const init = this.#init;
    const sent = this.#unsent;
    try {
      if (this.#isCopied) this.#unsent = (sent as Request).clone();
      if (signal === undefined || signal === this.signal) return answered(await fetch(sent, init));
      const link = this.signal && linkedTo(signal);
      const response = await fetch(sent, { ...init, signal: link?.signal ?? signal });
      if (link) linkOf.set(response, link);
      return answered(response);
    } catch (error) {
      return failed(error, this.url, init, this.replayable);
    }
  }

  /** From here on the engine aborts nothing more, but the caller's signal still has to end the reading of the body. */
  handOver(response: Response): Response {
    if (this.signal === undefined) return response;
    const link = linkOf.get(response);
    if (link && response.body) followAbort(this.signal, link, response.body);
    return response;
  }
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
