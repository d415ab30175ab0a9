import { type Backoff, exponential, immediate, stretched } from '../retry/backoff.ts';
import type { HostPolicy } from './options.ts';

/** The four steps from a plain retry to a paced one. */
export interface Strategies {
  /** Three retries, each at once: a failing server gets four times its load. */
  readonly simple: HostPolicy;
  /** Waits 100, 200, 400 ms between them: clients that failed together come back together. */
  readonly exponential: HostPolicy;
  /** Waits anything up to those times, so that they come back apart, but as many as before. */
  readonly jittered: HostPolicy;
  /** Bounds them by what the server can bear: the pace, and the server's own hints. The same as no policy at all. */
  readonly paced: HostPolicy;
}

/**
 * Policies to compare on the same traffic. The first three leave the line out of it: no budget, no hints, no limit; to
 * `paced` add the `rate` and `concurrency` that the server can bear. Each sets the same groups, so that `configure` can
 * go from one to any other.
 *
 * @example
 * ```ts
 * import { createPaceline, perSecond, strategies } from '@paceline/core';
 *
 * const pace = createPaceline({ defaults: strategies.simple });
 * pace.configure({ defaults: { ...strategies.paced, rate: perSecond(50), concurrency: 20 } });
 * ```
 */
export const strategies: Strategies = Object.freeze({
  simple: unbounded(immediate),
  exponential: unbounded(exponential({ baseMs: 100, capMs: 20_000, jitter: 'none' })),
  jittered: unbounded(exponential({ baseMs: 100, capMs: 20_000, jitter: 'full' })),
  paced: Object.freeze({
    retry: retryWith(stretched),
    budget: false,
    pace: Object.freeze({ minPerSecond: 0.25 }),
    hints: Object.freeze({ maxRetryAfterMs: 60_000, rateLimitHeaders: true }),
  }),
});

function unbounded(backoff: Backoff): HostPolicy {
  return Object.freeze({ retry: retryWith(backoff), budget: false, hints: false, pace: false });
}

function retryWith(backoff: Backoff): { readonly maxRetries: number; readonly backoff: Backoff } {
  return Object.freeze({ maxRetries: 3, backoff });
}
