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
  readonly pace?: PaceOptions | undefined;
}

/** What a client that sends through fetch knows beside fetch's arguments. */
export interface ClientFacts {
  readonly options?: PaceOptions | undefined;
  readonly retry?: CallRetry | undefined;
  readonly defaultAttemptMs?: number | undefined;
  /** Whether the client itself puts the same body on the wire for each attempt. */
  readonly resends?: boolean | undefined;
}

/** One fetch as the engine sees it. Each attempt goes out with the caller's own arguments, as they are. */
export class FetchCall implements Call<Response> {
  readonly url: string;
  readonly method: string;
  readonly replayable: boolean;
  readonly signal: AbortSignal | undefined;
  readonly options: PaceOptions | undefined;
  readonly retry: CallRetry | undefined;
  readonly defaultAttemptMs: number | undefined;
  readonly #fetch: Fetch;
  readonly #headers: HeadersInit | undefined;
  readonly #init: PacedInit | undefined;
  readonly #isCopied: boolean;
  #input: FetchInput;
  /** Aborts the last attempt, where both the engine and the caller may do so. */
  #link: AbortController | undefined;

  constructor(fetch: Fetch, url: string, input: FetchInput, init?: PacedInit, client?: ClientFacts) {
    const request = requestOf(input);
    const body = init?.body ?? undefined;
    this.url = url;
    this.method = methodOf(request, init);
    this.signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined;
    this.options = client?.options ?? init?.pace;
    this.retry = client?.retry;
    this.defaultAttemptMs = client?.defaultAttemptMs;
    this.#fetch = fetch;
    this.#headers = init?.headers ?? request?.headers;
    this.#init = init;
    this.#input = input;
    this.#isCopied = !(client?.resends || body) && request !== undefined && isCopyable(request);
    this.replayable = client?.resends || this.#isCopied || isReplayable(body ?? request?.body);
  }

  /** Read only after a failure, so that the headers of most calls are never walked. */
  get idempotencyKey(): string | undefined {
    // Those of a Request are asked themselves: under MSW a copy of them is empty.
    const headers = this.#headers instanceof Headers ? this.#headers : new Headers(this.#headers);
    return headers.get('idempotency-key') ?? undefined;
  }

  async send({ signal }: Attempt): Promise<Outcome<Response>> {
    const fetch = this.#fetch;
    const input = this.#input;
    try {
      if (this.#isCopied) this.#input = (input as Request).clone();
      return answered(await fetch(input, this.#initWith(signal)));
    } catch (error) {
      return failed(error, this.url, this.#init, this.replayable);
    }
  }

  /** From here on the engine aborts nothing more, but the caller's signal still has to end the reading of the body. */
  handOver(response: Response): Response {
    if (this.#link && this.signal && response.body) followAbort(this.signal, this.#link, response.body);
    return response;
  }

  #initWith(signal: AbortSignal | undefined): PacedInit | undefined {
    if (signal === undefined || signal === this.signal) return this.#init;
    this.#link = this.signal && linkedTo(signal);
    return { ...this.#init, signal: this.#link?.signal ?? signal };
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
