import { PacelineError, type PacelineErrorCode } from '../errors.ts';

/** What happened, for people; `{ms}` is the limit that was reached. */
const MESSAGES: Readonly<Record<PacelineErrorCode, string>> = {
  QUEUE_FULL: 'too many calls wait already (queue.maxLength)',
  QUEUE_TIMEOUT: 'its turn did not come, or could not come, in time (queue.maxWaitMs)',
  TOTAL_TIMEOUT: 'the call took too long, waits and retries included (timeouts.totalMs)',
  ATTEMPT_TIMEOUT: 'no response came in time (timeouts.attemptMs)',
  CIRCUIT_OPEN: 'the breaker is open',
  DROPPED: 'a newer call took its place in the full queue (queue.onFull)',
  CLOSED: 'the engine is closed',
  STORE_UNAVAILABLE: 'the shared store does not answer',
};

/** The error of a call that Paceline itself ended. */
export function refusalError(
  code: PacelineErrorCode,
  host: string,
  attempts: number,
  retryAfterMs?: number,
  cause?: unknown,
): PacelineError {
  const after = retryAfterMs === undefined ? '' : `; try again in ${Math.ceil(retryAfterMs)} ms`;
  return new PacelineError(code, `${host}: ${MESSAGES[code]}${after}`, { host, attempts, retryAfterMs, cause });
}
