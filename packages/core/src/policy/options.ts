import type { RetryCondition } from '../call/call.ts';
import type { Backoff } from '../retry/backoff.ts';
import type { PaceStore } from '../store/pace-store.ts';
import type { Clock } from '../time/clock.ts';

/** Options of an engine. Everything is optional; a wrong value throws at once, by name. */
export interface PacelineOptions {
  /** Policy of every host. */
  readonly defaults?: HostPolicy;
  /**
   * Policies by host: `api.example.com` (any port), `api.example.com:8443`, `*.example.com`, `*`. The best match wins
   * (exact beats wildcard, a longer wildcard a shorter one); what it leaves unset comes from `defaults`. A lane has no
   * port where it is its scheme's own, so `https://api.example.com:443` is of `api.example.com`.
   */
  readonly hosts?: Readonly<Record<string, HostPolicy>>;
  /** Lane key of a URL. @default the lower-cased host, with its port unless that is the scheme's own */
  readonly keyOf?: (url: string) => string;
  /** Lanes kept at rest; over this the idle ones go first, busy ones never. @default 10_000 */
  readonly maxLanes?: number;
  /** Where processes share their lanes' rates and holds: `redisStore(client)`. @default this process's memory */
  readonly store?: PaceStore;
  /** @default the runtime's monotonic clock and timers */
  readonly clock?: Clock;
  /** Uniform in [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** How one host is treated. Validated once, then frozen. */
export interface HostPolicy {
  /** Attempts per time: `perSecond(10)`, `perMinute(600)`; of several, all must agree. @default unlimited */
  readonly rate?: Rate | readonly Rate[];
  /** Attempts that may leave at once after a rest: the bucket's size in tokens. @default one second's worth, at least 1 */
  readonly burst?: number;
  /** Attempts in flight at once. @default Infinity */
  readonly concurrency?: number;
  readonly queue?: QueuePolicy;
  /** `false` sends every call once. */
  readonly retry?: false | RetryPolicy;
  /** Bounds the retries of a host by its first attempts; `false` lifts the bound. @default off, and on where `pace` is off */
  readonly budget?: false | BudgetPolicy;
  /** What the server's headers may do; `false` ignores them. */
  readonly hints?: false | HintsPolicy;
  /**
   * Finds the pace that the host can bear from the outcomes of the attempts, and lets no more leave; does nothing while
   * the host is well. `false` turns it off. @default on
   */
  readonly pace?: false | PacePolicy;
  /** Keeps attempts from a host that fails, and tries out now and then whether it is back. @default false */
  readonly breaker?: false | BreakerPolicy;
  /** Sends a second attempt beside a slow one, and takes what comes first. @default false */
  readonly hedge?: false | HedgePolicy;
  readonly timeouts?: TimeoutsPolicy;
}

/** `limit` tokens every `perMs` milliseconds, refilled continuously. */
export interface Rate {
  /** Above 0; Infinity lifts a rate that would come from `defaults`. */
  readonly limit: number;
  readonly perMs: number;
  /** Size of this rate's own bucket. @default the policy's `burst` */
  readonly burst?: number;
}

export interface QueuePolicy {
  /** Waiting calls. A call between two attempts keeps its place and is not counted against newcomers' places. @default 10_000 */
  readonly maxLength?: number;
  /** Longest wait for one admission, in milliseconds. @default 60_000 */
  readonly maxWaitMs?: number;
  /**
   * Who goes when the queue is full: the newcomer (`QUEUE_FULL`), or the oldest of the lowest priority (`DROPPED`). A
   * newcomer never goes for one of a lower priority: then the newest of the lowest is dropped. @default 'reject-new'
   */
  readonly onFull?: 'reject-new' | 'drop-oldest';
  /**
   * Who leaves first within a priority. `fifo`: the call that arrived first. `adaptive-lifo`: the same, but the newest call
   * while the oldest has waited longer than `targetWaitMs`, because then the oldest callers have mostly given up; meanwhile
   * a full queue drops the oldest. While the pace limits, `fifo` does so, too, once the oldest has waited a tenth of what its
   * call would wait at most (`totalMs`, `maxWaitMs`). @default 'fifo'
   */
  readonly order?: 'fifo' | 'adaptive-lifo';
  /** Longest wait that is no sign of overload, in milliseconds; for `order: 'adaptive-lifo'`. @default 1_000 */
  readonly targetWaitMs?: number;
}

export interface RetryPolicy {
  /** Infinity leaves it to the other bounds. @default 3, so 4 attempts */
  readonly maxRetries?: number;
  /**
   * A call's own wait before its next attempt. @default exponential({ baseMs: 100, capMs: 20_000, jitter: 'full' }), from a
   * base of up to ten times that while the pace finds the host bad
   */
  readonly backoff?: Backoff;
  /** Methods that may be sent twice. @default GET HEAD OPTIONS TRACE PUT DELETE QUERY (RFC 9110 §9.2.2) */
  readonly methods?: readonly string[];
  /** Statuses worth another attempt. @default 408 425 429 500 502 503 504 */
  readonly statuses?: readonly number[];
  /**
   * Decides instead of the built-in rule wherever it returns a boolean. `true` cannot outdo the bounds: `maxRetries`, the
   * budget, timeouts, an abort, a body that cannot be sent again.
   */
  readonly when?: RetryCondition;
}

export interface BudgetPolicy {
  /** Retries that each first attempt pays for. @default 0.2 */
  readonly ratio?: number;
  /** Retries per second that a quiet host may have anyway. @default 1 */
  readonly minPerSecond?: number;
  /** What is unspent lapses after this time, in milliseconds. @default 10_000 */
  readonly windowMs?: number;
}

export interface PacePolicy {
  /** Attempts per second that a lane may send however bad its host is, so that it notices when that ends. @default 0.25 */
  readonly minPerSecond?: number;
}

export interface HintsPolicy {
  /**
   * Longest wait that a server may ask for, in milliseconds. A call that is asked for more settles with the response it
   * has; the host is held for this long at most. @default 60_000
   */
  readonly maxRetryAfterMs?: number;
  /** Whether an exhausted `RateLimit`, `RateLimit-*` or `X-RateLimit-*` holds the host until its reset. @default true */
  readonly rateLimitHeaders?: boolean;
}

/**
 * When a breaker opens, for how long, and what closes it. A failure is a status of `statuses`, or an attempt without any
 * response: the network's errors, `attemptMs`, and `totalMs` if the attempt alone had half of it. 429, aborts, the
 * caller's own mistakes and Paceline's refusals are neither failures nor successes; any other answer is a success.
 */
export interface BreakerPolicy {
  /**
   * Failures in a row that open it; Infinity looks at the share only. A row ends with a success, or with a `windowMs`
   * without attempts. @default 5, as in Finagle's failure accrual and Envoy's outlier detection
   */
  readonly consecutiveFailures?: number;
  /**
   * Share of failures among the attempts of the last `windowMs` that opens it, once these are `minAttempts`; Infinity
   * looks at rows only. @default 0.5, as in resilience4j
   */
  readonly failureRatio?: number;
  /** Milliseconds for which outcomes count. @default 30_000, as in Polly and Finagle */
  readonly windowMs?: number;
  /** Attempts in the window before their share of failures means anything. @default 100, as in Polly and resilience4j */
  readonly minAttempts?: number;
  /** Statuses that are failures; 429 is none, whatever this says. @default 500 to 599 */
  readonly statuses?: readonly number[];
  /**
   * Milliseconds for which it is open; up to a quarter more at random, so that many processes do not try at once. Doubles
   * with every trip, until it has stayed closed for as long as it was open last. A call by which the host is tried out has
   * as long, then others are let through in its place. @default 5_000, as in Polly and Finagle
   */
  readonly openMs?: number;
  /** Upper bound of the open time, in milliseconds, jitter excluded; at least `openMs`. @default 60_000 */
  readonly maxOpenMs?: number;
  /**
   * Attempts that a half-open breaker lets through, all of which must succeed to close it; the first failure opens it
   * again. @default 1
   */
  readonly probes?: number;
  /**
   * What becomes of calls that the breaker does not let through: `refuse` ends them at once with `CIRCUIT_OPEN`, those in
   * the queue as well; `wait` keeps them in the queue, as a hold does, within `maxWaitMs` and `totalMs`. @default 'refuse'
   */
  readonly whileOpen?: 'refuse' | 'wait';
  /**
   * Finds out whether a host (a lane key) is back, in place of probes: runs when the open time is over and a call wants to
   * leave. `true` closes the breaker; anything else, an error, or no answer within the open time opens it again. One
   * check at a time: while one hangs, probes are let through. Its own requests must not go through the same lane.
   */
  readonly healthCheck?: (host: string) => boolean | Promise<boolean>;
}

/**
 * When a slow call is sent a second time. For calls whose method `retry.methods` lists (or that have an Idempotency-Key, or
 * say `idempotent: true`), and whose body can be sent again; never a third time. The hedge takes a token and a slot, and is
 * sent only if both are there at once: nobody waits, no hold, no pace that limits, and the breaker is closed. It counts as
 * an attempt and not as a retry.
 *
 * The first answer that no list of statuses would have again wins, and the other attempt is aborted; if one fails, the call
 * goes on with the other.
 *
 * Source: J. Dean, L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.
 */
export interface HedgePolicy {
  /** Milliseconds after which an attempt counts as slow. @default what `quantile` comes to */
  readonly afterMs?: number;
  /** The share of the host's attempts that are not slow; what that is in time is measured. Unused with `afterMs`. @default 0.95 */
  readonly quantile?: number;
  /** Attempts that must have been measured before `quantile` means anything. @default 100 */
  readonly minSamples?: number;
  /**
   * Hedges that each first attempt pays for: the most load that they add, over 30 seconds. There is no floor for quiet
   * hosts: at 0.05 the twentieth call within that time is the first to have one. @default 0.05, about what lies above the
   * 95 % quantile; Finagle's `maxExtraLoad`
   */
  readonly ratio?: number;
}

export interface TimeoutsPolicy {
  /** One attempt until its response headers, in milliseconds, waits excluded. @default none */
  readonly attemptMs?: number;
  /** The whole call until its response headers, in milliseconds, all waits included. @default none */
  readonly totalMs?: number;
}
