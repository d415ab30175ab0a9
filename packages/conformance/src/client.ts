import type { Paceline, PacelineError, PaceOptions } from '@paceline/core';
import type { DifferenceName } from './differences.ts';

/** A request as the table of scenarios words it; each client says it its own way. */
export interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
  readonly signal: AbortSignal | undefined;
  /** Paceline's options of this call. */
  readonly options: Omit<PaceOptions, 'fallback'> | undefined;
  /** Text of a response of the client's own making, which the call falls back to. */
  readonly fallsBackTo: string | undefined;
  /** The client's own time limit, for clients that have one. */
  readonly timeoutMs: number | undefined;
}

/** `plain`: anything that fetch sends. `json`: a value for the client to write out. `stream`: bytes to be had once. */
export type Body =
  | { readonly kind: 'plain'; readonly value: Exclude<BodyInit, ReadableStream> }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'stream'; readonly chunks: readonly Uint8Array<ArrayBuffer>[] };

/** A response, wherever the client puts it. */
export interface Answer {
  readonly status: number;
  /** Rejects where the body breaks off. */
  text(): Promise<string>;
}

/** Sends a request as users of the client do; rejects with the client's own error. */
export type Send = (request: Request) => Promise<Answer>;

/** Hears the name of each of the client's own hooks, interceptors and transforms when it runs. */
export type HookListener = (hook: string) => void;

/** All that the suite has to know of a client. */
export interface Client {
  /** Its variants share a column of the table in the docs. */
  readonly library: string;
  /** A way to use the library, where the suite knows several. */
  readonly variant?: string;
  /** What is its own in this client, in the words of the docs. */
  readonly words: Readonly<Record<DifferenceName, string>>;
  /** When an attempt is over: an answer that breaks off later is no failed attempt. */
  readonly attemptEnds: 'at the headers' | 'with the body';
  /** Whether a call has its place in line when the client's function returns, and not some promise turns later. */
  readonly joinsAtOnce: boolean;
  /** Whether a signal that aborted before the call reaches the engine, or the client itself rejects. */
  readonly asksEngineAfterAbort: boolean;
  readonly hasOwnTimeout: boolean;
  /** Whether an attempt that nobody has set a limit to ends nevertheless, after 10 s. */
  readonly limitsAttempts: boolean;
  /** The names that `HookListener` hears in one call, in their order. */
  readonly hooks: readonly string[];
  /** Attaches a fresh instance of the client. Without `pace`, to the shared engine. */
  connect(pace?: Paceline, onHook?: HookListener): Send;
  /** The response of a call that the client rejects for its status; undefined for any other error. */
  answerIn(error: unknown): Answer | undefined;
  /** Whether this is how the client says that the connection failed. */
  isNetworkFailure(error: unknown): boolean;
  /** What Paceline did, out of the client's way to say so. */
  refusalIn(error: unknown): PacelineError | undefined;
  /** Whether this is how the client says that the caller aborted, with their own reason in it. */
  isAbort(error: unknown, reason: unknown): boolean;
}

export function nameOf({ library, variant }: Client): string {
  return variant === undefined ? library : `${library}, ${variant}`;
}
