import type { Era } from '../breaker/breaker.ts';
import type { Outcome } from './call.ts';

/** An attempt under way. */
export interface Flight {
  /** Number of the attempt within its call. */
  readonly attempt: number;
  readonly sentAt: number;
  /** The breaker's, when it was admitted. */
  readonly era: Era | undefined;
  /** Undefined where the caller's own signal is all that can abort it. */
  readonly controller: AbortController | undefined;
}

/** A second attempt of a call, under way or still to come, beside the one that the call waits for. */
export interface Companion {
  /** Whether it still has a say in what becomes of the call. */
  readonly isOpen: boolean;
  readonly wasSent: boolean;
  /** Number of the attempt of the two that the call waits for; undefined where that is its latest. */
  readonly awaited: number | undefined;
  /** The call makes another attempt, which is the one that it waits for. */
  supersede(): void;
  /** What one of the two came to; false if it is an outcome of neither. */
  deliver(attempt: number, outcome: Outcome<unknown>, now: number): boolean;
  /** The call ends, for `reason`, and waits for neither. */
  end(reason: unknown, now: number): void;
}
