import type { BreakerStateName } from './breaker/reasons.ts';
import type { Call, Outcome } from './call/call.ts';
import type { PaceEventType, PaceListener } from './monitor/events.ts';
import type { Snapshot } from './monitor/snapshot.ts';
import type { HostPolicy } from './policy/options.ts';

/** What `configure` may change while the engine runs. */
export interface PolicyPatch {
  readonly defaults?: HostPolicy;
  readonly hosts?: Readonly<Record<string, HostPolicy>>;
}

/** One host's breaker, by hand. */
export interface BreakerControl {
  /** Undefined where the host's policy has no breaker. */
  readonly state: BreakerStateName | undefined;
  /**
   * Lets nothing leave for `ms` milliseconds; then the host is tried out, as after any open time.
   *
   * @param ms without it the breaker is open until `close` is called
   * @throws TypeError where the host's policy has no breaker, RangeError for a wrong time.
   */
  open(ms?: number): void;
  /** Lets attempts leave, and forgets the failures so far. Without effect where there is no breaker. */
  close(): void;
}

/** An engine: every client attached to it shares, per host, one token bucket and one queue. */
export interface Paceline {
  /**
   * Takes one call through admission, attempts and retries. Never rejects: whatever happens is an outcome, and a failed
   * one carries the error that the caller should see. The one door for adapters.
   */
  run<R>(call: Call<R>): Promise<Outcome<R>>;
  /**
   * Changes policies live. Fields that the patch leaves unset stay as they are; groups (`queue`, `retry`, …) merge field
   * by field. Waiting calls follow the new policy at once.
   *
   * @throws TypeError, RangeError for a wrong option; then nothing has changed.
   */
  configure(patch: PolicyPatch): void;
  /**
   * The policy in force for `host` (a lane key): its best pattern laid on the defaults, and those on the built-in ones.
   * Frozen, and the same object until `configure` changes something.
   */
  policyOf(host: string): HostPolicy;
  /** Lets nothing leave for `host` (a lane key) for `ms` milliseconds; a hold is only ever made longer. */
  hold(host: string, ms: number): void;
  /** Ends a host's hold, whoever set it. */
  release(host: string): void;
  /**
   * The breaker of `host` (a lane key).
   *
   * @example
   * ```ts
   * import { createPaceline } from '@paceline/core';
   *
   * const pace = createPaceline({ defaults: { breaker: { consecutiveFailures: 10 } } });
   * const breaker = pace.breaker('api.example.com');
   * breaker.open(60_000); // maintenance: calls end at once with CIRCUIT_OPEN
   * breaker.close();
   * ```
   */
  breaker(host: string): BreakerControl;
  /** Every lane's state, counters and quantiles as plain JSON. */
  snapshot(): Snapshot;
  /**
   * Tells `listener` every event from now on, or those of some types; returns the function that ends it. Events of a type
   * that nobody listens to cost nothing, so whoever does not need those of every attempt should say so.
   *
   * @throws TypeError for a listener that is no function and for an unknown type.
   *
   * @example
   * ```ts
   * import { createPaceline } from '@paceline/core';
   *
   * const pace = createPaceline();
   * const end = pace.subscribe(({ host, reason }) => console.log(`${host}: again, ${reason}`), ['retry']);
   * ```
   */
  subscribe<T extends PaceEventType = PaceEventType>(listener: PaceListener<T>, types?: readonly T[]): () => void;
  /** Resolves when nothing is queued, backing off or in flight. */
  idle(): Promise<void>;
  /** Refuses new calls, ends waiting ones with `CLOSED`, and resolves when those in flight have settled. */
  close(): Promise<void>;
}
