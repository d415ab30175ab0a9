/** Why a call is tried again: metric label, event field and the tests' assertion. */
export type RetryReason =
  /** 429: the server asked for a slower pace, whatever the method. */
  | 'throttled'
  /** A status of the policy's list. */
  | 'status'
  /** The attempt ran into `attemptMs`. */
  | 'timeout'
  /** No response came, and the request may have been processed. */
  | 'network'
  /** No response came, and the request was certainly not processed. */
  | 'never-sent'
  /** The policy's `when` asked for it. */
  | 'when';

/** Why a call is over. */
export type StopReason =
  /** An answer that asks for no retry. */
  | 'done'
  /** A failure that no rule wants to try again. */
  | 'not-retryable'
  /** It may have been processed, and doing it twice could do harm. */
  | 'not-idempotent'
  /** It may have been sent, and its body cannot be sent again. */
  | 'not-replayable'
  /** The policy's `when` said no. */
  | 'when'
  | 'retries-exhausted'
  | 'budget-exhausted'
  /** The server asked for a longer wait than `maxRetryAfterMs` or than the call has time. */
  | 'retry-after-too-long'
  /** The next attempt could not begin within `totalMs` or `maxWaitMs`; waits after 429s are added up. */
  | 'out-of-time'
  /** The breaker is open, and refuses what would try again. */
  | 'circuit-open'
  /** The caller's signal. */
  | 'aborted'
  /** Paceline refused or ended the call; the error's `code` says why. */
  | 'refused'
  /** The engine closes, so nothing is tried again. */
  | 'closing'
  /** `keyOf`, `when` or the call's options threw. */
  | 'error';
