/** Where a breaker is. */
export type BreakerStateName =
  /** Attempts leave. */
  | 'closed'
  /** Nothing leaves. */
  | 'open'
  /** A few attempts, or a health check, try out whether the host is back. */
  | 'half-open';

/** Why a breaker changed its state: event field, metric label and the tests' assertion. */
export type BreakerReason =
  /** It opened: as many failures in a row as the policy allows. */
  | 'consecutive-failures'
  /** It opened: as large a share of failures as the policy allows. */
  | 'failure-ratio'
  /** It is half open: the time for which it was open is over. */
  | 'open-time-over'
  /** It closed: the last of the probes that the policy asks for succeeded. */
  | 'probe-succeeded'
  /** It opened again. */
  | 'probe-failed'
  /** It closed: the policy's `healthCheck` said so. */
  | 'check-passed'
  /** It opened again: the policy's `healthCheck` said no, threw, or took too long. */
  | 'check-failed'
  /** By hand. */
  | 'manual'
  /** It closed: the policy has no breaker any more. */
  | 'policy';
