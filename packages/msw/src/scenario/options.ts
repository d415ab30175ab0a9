/** What a server is made to do wrong. Every part is optional and they compose; see `failures`. */
export interface Scenario {
  /** Requests that the scenario is about, as a path of MSW: `https://api.example.com/*`, a RegExp. @default '*' */
  readonly url?: string | RegExp;
  /** @default every method */
  readonly method?: string | RegExp;
  /** Spans of time with one answer to everything. Of overlapping ones the first in the list rules. */
  readonly outages?: readonly Outage[];
  /** Answers to the first requests, in their order: `[503, 503, 'network-error']`. */
  readonly first?: readonly Failure[];
  /** The same for every call by itself; `callBy` says what tells calls apart. */
  readonly firstOfEachCall?: readonly Failure[];
  /** A quota that is kept, and answered with 429 beyond. */
  readonly quota?: Quota;
  /** Failures by chance. */
  readonly errors?: RandomErrors;
  /** Time that an answer takes. Delays what got past the quota: random errors and your own handlers' answers. */
  readonly slow?: Slowness;
  /** An integer. The n-th request has the same luck in every run with the same seed, whatever the other parts do. @default 1 */
  readonly seed?: number;
}

/**
 * One failed answer.
 *
 * - a number: that status, without a body
 * - `'network-error'`: no answer, the way MSW's `HttpResponse.error()` has it
 * - `'reset'`: the connection ends before the first byte of the answer. With MSW 3 in Node clients see a real
 *   `ECONNRESET` or `UND_ERR_SOCKET`; elsewhere it is a network error
 * - `'hang'`: no answer ever; the client's abort is honoured
 * - an object: a whole answer, or with `cutAfter` the beginning of one
 */
export type Failure = number | 'network-error' | 'reset' | 'hang' | FailedAnswer;

export interface FailedAnswer {
  /** From 200 to 599. @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes of `body` that arrive before the connection breaks, while Content-Length promises all of them. */
  readonly cutAfter?: number;
}

export interface Outage {
  /** Milliseconds from the start of the scenario. @default 0 */
  readonly fromMs?: number;
  /** The first millisecond after the outage. @default Infinity */
  readonly toMs?: number;
  /** @default 503 */
  readonly answer?: Failure;
}

export interface RandomErrors {
  /** From 0 to 1: the part of the requests that fails. */
  readonly share: number;
  /** @default 503 */
  readonly answer?: Failure;
}

export interface Slowness {
  readonly minMs: number;
  /** Delays are uniform between `minMs` and this. @default minMs */
  readonly maxMs?: number;
  /** From 0 to 1: the part of the requests that is slow. @default 1 */
  readonly share?: number;
}

export interface Quota {
  /** Requests per `perMs`. */
  readonly limit: number;
  readonly perMs: number;
  /**
   * `fixed-window`: `limit` requests in each span of `perMs`, counted from the start of the scenario. `token-bucket`:
   * `limit` tokens flow in over each `perMs`, and at most `burst` are kept. @default 'fixed-window'
   */
  readonly kind?: 'fixed-window' | 'token-bucket';
  /** Size of the bucket in requests; a window has none. @default limit */
  readonly burst?: number;
  /** Headers that tell the client, one dialect or several together. @default 'retry-after' */
  readonly headers?: QuotaDialect | readonly QuotaDialect[];
}

/**
 * How a quota speaks. Seconds are rounded up, so that a client which waits as long as it is told is let in.
 *
 * - `none`
 * - `retry-after`: `Retry-After: 30` (RFC 9110 §10.2.3)
 * - `retry-after-date`: the same as an HTTP date
 * - `ratelimit`: the structured `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11)
 * - `ratelimit-fields`: `RateLimit-Limit`, `-Remaining`, `-Reset` in seconds from now (the draft up to version 06)
 * - `x-ratelimit`: `X-RateLimit-Limit`, `-Remaining`, `-Reset` in seconds from now
 * - `x-ratelimit-epoch`: the same, reset in seconds since the epoch
 * - `x-ratelimit-epoch-ms`: the same, reset in milliseconds since the epoch
 */
export type QuotaDialect =
  | 'none'
  | 'retry-after'
  | 'retry-after-date'
  | 'ratelimit'
  | 'ratelimit-fields'
  | 'x-ratelimit'
  | 'x-ratelimit-epoch'
  | 'x-ratelimit-epoch-ms';
