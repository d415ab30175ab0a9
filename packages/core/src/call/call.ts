import type { StopReason } from '../retry/reasons.ts';

/** What an adapter knows of one logical request, and how it sends it once. */
export interface Call<R> {
  /** Absolute URL; its host picks the lane. */
  readonly url: string;
  /** HTTP method in upper case. */
  readonly method: string;
  /** Whether `send` can put the same body on the wire again. */
  readonly replayable: boolean;
  /** Value of the request's Idempotency-Key header, if it has one. */
  readonly idempotencyKey?: string | undefined;
  /** The caller's own signal. */
  readonly signal?: AbortSignal | undefined;
  /** Per-call options as the user gave them; checked by the engine. */
  readonly options?: PaceOptions<R> | undefined;
  /** The client's own default for the time of an attempt, in milliseconds; counts where neither call nor policy sets one. */
  readonly defaultAttemptMs?: number | undefined;
  /** What the client's own retry options ask for, in the engine's words; wins over the lane's policy. */
  readonly retry?: CallRetry | undefined;
  /** Sends the request once. A throw or a rejection counts as `{ kind: 'failed', sent: 'maybe' }`. */
  send(attempt: Attempt): Promise<Outcome<R>>;
}

/** One send of a call, as the engine hands it to the adapter. */
export interface Attempt {
  /** 1 for the first attempt of a call. */
  readonly number: number;
  /** Aborts this attempt: the caller's abort, a timeout. Undefined where nothing can abort it. */
  readonly signal: AbortSignal | undefined;
}

/** What an attempt, and in the end the call, came to. A value, never an exception. */
export type Outcome<R> = Answered<R> | Failed;

/** The server answered, with any status. */
export interface Answered<R> {
  readonly kind: 'answered';
  readonly status: number;
  /** The client's own result, untouched. */
  readonly value: R;
  /** The value of a response header, by its lower-case name; repeated ones joined with `, `. */
  header(name: string): string | null | undefined;
  /** Called once for a response that nobody will get: frees its connection, without waiting and without throwing. */
  discard(): void;
}

/** No response came. */
export interface Failed {
  readonly kind: 'failed';
  /** What the caller will see thrown. */
  readonly error: unknown;
  /** `never`: proof that no byte of the request was processed. `maybe`: anything else. */
  readonly sent: 'never' | 'maybe';
  /** Whether the attempt's own time ran out, the engine's or the client's. */
  readonly timedOut?: boolean;
  /** The caller's own mistake (bad input, a used-up body), not the host's failure: never retried, no evidence. */
  readonly final?: boolean;
}

/** What one call may ask for, in every client. Unset fields follow the host's policy. `R` is the client's own result. */
export interface PaceOptions<R = unknown> {
  /** Higher goes first among the waiting calls of a host. @default 0 */
  readonly priority?: number;
  /** Tokens that each attempt takes; at most the host's `burst`. @default 1 */
  readonly cost?: number;
  /** Lane to use instead of the URL's host. */
  readonly key?: string;
  /** Retries after the first attempt. */
  readonly maxRetries?: number;
  /** Longest time of one attempt, in milliseconds, waits excluded. */
  readonly attemptMs?: number;
  /** Longest time of the whole call, in milliseconds, all waits included. */
  readonly totalMs?: number;
  /** Longest wait for one admission, in milliseconds. */
  readonly maxWaitMs?: number;
  /** The caller's word that sending this request twice does no harm; `false` denies it whatever the method says. */
  readonly idempotent?: boolean;
  /**
   * What the caller gets where Paceline refuses the call or gives it up: a cached response, say. `undefined` leaves the
   * error or the last response as it is. Not asked after an answer that wants no retry, an abort, or a mistake in the
   * call itself. A throw or a rejection rejects the call.
   */
  readonly fallback?: Fallback<R>;
}

/** Makes the result of a call that has come to nothing. May take its time: the call holds neither token nor slot. */
export type Fallback<R> = (given: GivenUp, call: CallFacts) => R | undefined | Promise<R | undefined>;

/** What a fallback may know of how the call ended; of a refusal, `error` is the `PacelineError`. */
export interface GivenUp extends OutcomeFacts {
  readonly reason: StopReason;
}

/** Retry rules of a single call, for adapters whose client has retry options of its own. */
export interface CallRetry {
  readonly maxRetries?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly statuses?: readonly number[] | undefined;
  readonly when?: RetryCondition | undefined;
  /** Upper bound of one backoff, in milliseconds. */
  readonly maxBackoffMs?: number | undefined;
  /** See `hints.maxRetryAfterMs`. */
  readonly maxRetryAfterMs?: number | undefined;
}

/** Says whether to retry; `undefined` leaves it to the built-in rule. A throw rejects the call. */
export type RetryCondition = (outcome: OutcomeFacts, call: CallFacts) => boolean | undefined;

/** What a retry condition may know of an outcome. */
export interface OutcomeFacts {
  readonly kind: 'answered' | 'failed';
  /** Undefined where no response came. */
  readonly status: number | undefined;
  /** Undefined where a response came. */
  readonly error: unknown;
  /** Whether the attempt's own time ran out: `attemptMs`, or the client's timeout. */
  readonly timedOut: boolean;
  /** The server's Retry-After in milliseconds, if it sent a valid one. */
  readonly retryAfterMs: number | undefined;
  header(name: string): string | null | undefined;
}

/** What a retry condition may know of a call. */
export interface CallFacts {
  readonly url: string;
  readonly method: string;
  readonly host: string;
  /** Attempts made so far, at least 1. */
  readonly attempts: number;
  readonly replayable: boolean;
  /** By method, Idempotency-Key or the caller's word. */
  readonly idempotent: boolean;
}
