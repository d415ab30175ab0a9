import type { BreakerReason, BreakerStateName } from '../breaker/reasons.ts';
import type { PacelineErrorCode } from '../errors.ts';
import type { PaceReason } from '../pace/evidence.ts';
import type { RetryReason, StopReason } from '../retry/reasons.ts';
import type { OutageReason, StoreState } from '../store/pace-store.ts';

/** Fields of every event. */
interface EventBase {
  /** Monotonic milliseconds of the engine's clock. */
  readonly at: number;
  /** Lane key. */
  readonly host: string;
}

interface CallEventBase extends EventBase {
  /** Number of the call within its engine. */
  readonly call: number;
}

/** The call waits for its turn, for the first attempt or for a retry. */
export interface QueuedEvent extends CallEventBase {
  readonly type: 'queued';
  readonly method: string;
  /** Without query, fragment and userinfo. */
  readonly url: string;
  readonly priority: number;
  /** Waiting calls of the lane, this one included. */
  readonly depth: number;
}

/** Token and slot are granted; the attempt leaves next. */
export interface AdmittedEvent extends CallEventBase {
  readonly type: 'admitted';
  readonly method: string;
  readonly url: string;
  /** Time in the queue, in milliseconds. */
  readonly waitedMs: number;
}

/** An attempt is sent. */
export interface AttemptEvent extends CallEventBase {
  readonly type: 'attempt';
  readonly method: string;
  readonly url: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Whether it was sent beside a slow one. */
  readonly hedge: boolean;
}

/** An attempt came to something. */
export interface OutcomeEvent extends CallEventBase {
  readonly type: 'outcome';
  readonly attempt: number;
  readonly tookMs: number;
  /** `cancelled`: the other attempt of a hedged call won, and Paceline aborted this one. */
  readonly kind: 'answered' | 'failed' | 'cancelled';
  /** Undefined where no response came. */
  readonly status: number | undefined;
  /** Undefined where nothing failed. */
  readonly error: unknown;
}

/** The call will be tried again. */
export interface RetryEvent extends CallEventBase {
  readonly type: 'retry';
  /** Number of the retry: 1 after the first attempt. */
  readonly retry: number;
  readonly reason: RetryReason;
  /** The call's own backoff; a hold of the lane comes on top. */
  readonly delayMs: number;
}

/** Nothing leaves for this host for a while. */
export interface HeldEvent extends EventBase {
  readonly type: 'held';
  readonly forMs: number;
  /** `store`: another process that shares the lane. */
  readonly source: 'retry-after' | 'rate-limit' | 'manual' | 'store';
}

/** A hold ended before its time, by hand. */
export interface ReleasedEvent extends EventBase {
  readonly type: 'released';
}

/** The lane's adaptive pace changed: after an outcome, whose kind is the reason, or by itself. */
export interface PacedEvent extends EventBase {
  readonly type: 'paced';
  readonly reason: PaceReason;
  /** Attempts that may leave per second; null is unlimited: the host is well. */
  readonly perSecond: number | null;
  /** Attempts that may be in flight at once; null is unlimited. */
  readonly inFlight: number | null;
}

/** Paceline ended a call that was not in flight, or never let it begin. */
export interface RefusedEvent extends CallEventBase {
  readonly type: 'refused';
  readonly code: PacelineErrorCode;
  readonly retryAfterMs: number | undefined;
}

/** The call is over. */
export interface SettledEvent extends CallEventBase {
  readonly type: 'settled';
  readonly reason: StopReason;
  readonly kind: 'answered' | 'failed';
  readonly status: number | undefined;
  readonly attempts: number;
  /** From the arrival of the call. */
  readonly tookMs: number;
}

/** The caller got the value of its `fallback` in the place of what the call had settled with. */
export interface FallbackEvent extends CallEventBase {
  readonly type: 'fallback';
  /** That of the call's `settled`. */
  readonly reason: StopReason;
}

/** The lane's breaker changed its state. */
export interface BreakerEvent extends EventBase {
  readonly type: 'breaker';
  readonly state: BreakerStateName;
  readonly reason: BreakerReason;
  /** How long it stays open before the host is tried out; undefined in other states, and where only a hand closes it. */
  readonly forMs: number | undefined;
}

/** The lane's shared store came or went. */
export interface StoreEvent extends EventBase {
  readonly type: 'store';
  /** Where the lane's tokens come from now. */
  readonly state: StoreState;
  /** Why not from the store; undefined where they do. */
  readonly reason: OutageReason | undefined;
}

/**
 * What the engine tells its listeners, tagged by `type`.
 *
 * One call goes `queued`? → `admitted` → `attempt` → `outcome` → (`retry` → `queued`? → …) → `settled`; a call that
 * Paceline ends itself has a `refused` before its `settled`, one that its fallback
 * replaced a `fallback` after it.
 */
export type PaceEvent =
  | QueuedEvent
  | AdmittedEvent
  | AttemptEvent
  | OutcomeEvent
  | RetryEvent
  | HeldEvent
  | ReleasedEvent
  | PacedEvent
  | RefusedEvent
  | SettledEvent
  | FallbackEvent
  | BreakerEvent
  | StoreEvent;

export type PaceEventType = PaceEvent['type'];

/**
 * Receives events of some types, or all of them, in order, synchronously. A throw is reported and changes nothing.
 */
export type PaceListener<T extends PaceEventType = PaceEventType> = (event: Extract<PaceEvent, { type: T }>) => void;
