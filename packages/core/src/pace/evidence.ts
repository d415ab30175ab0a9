import type { Outcome } from '../call/call.ts';
import { PACE } from './constants.ts';

/** What one attempt says about how much its host can bear. */
export type Evidence =
  /** The server did the work, or found fault with the request itself. */
  | 'answered'
  /** It did, but took so long that a little more load would run into the timeout. */
  | 'slow'
  /** 502, 503 or 504, a refused or broken connection. */
  | 'refused'
  /** No answer in time. */
  | 'timed-out'
  /** 429: no matter of load but of rate. */
  | 'throttled';

/** Why a lane's pace changes. */
export type PaceReason =
  | Evidence
  /** Nothing was heard of the host for so long that what was learnt is of no use. */
  | 'lapsed'
  /** The policy turned the pace off. */
  | 'policy';

const THROTTLED = 429;
const SERVER_ERRORS = 500;

/** In a proxy's words: the server behind it refuses, has no room, or does not answer in time. */
const OVERLOADED: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * What an outcome says after `tookMs` of the `allowedMs` that the attempt had. Undefined where it says nothing: the
 * caller's own mistake, or a server's error that has nothing to do with load.
 */
export function evidenceOf(outcome: Outcome<unknown>, tookMs: number, allowedMs: number): Evidence | undefined {
  if (outcome.kind === 'failed') {
    if (outcome.final) return undefined;
    return outcome.timedOut ? 'timed-out' : 'refused';
  }
  if (isThrottled(outcome)) return 'throttled';
  const { status } = outcome;
  if (OVERLOADED.has(status)) return 'refused';
  if (status >= SERVER_ERRORS) return undefined;
  return tookMs > PACE.slowShare * allowedMs ? 'slow' : 'answered';
}

/** Whether the server says that the rate is too high. */
export function isThrottled(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'answered' && outcome.status === THROTTLED;
}
