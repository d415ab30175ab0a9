import { isPacelineError, type OutcomeFacts } from '@paceline/core';
import { HTTPError, NetworkError, type NormalizedOptions, type Options, TimeoutError } from 'ky';

/**
 * The error that ky itself would have after this attempt; undefined for an answer that it takes for a success. Unlike
 * ky's own, an HTTPError has no `data`: the body stays unread, as the caller may get this very response.
 */
export function kyErrorOf(
  outcome: OutcomeFacts,
  request: Request,
  response: Response | undefined,
  options: Options,
): unknown {
  if (outcome.timedOut) return timeoutError(request, outcome.error);
  if (outcome.kind === 'failed') return networkError(request, outcome.error);
  if (!response || response.ok || response.type === 'opaque') return undefined;
  return new HTTPError(response, request, options as NormalizedOptions);
}

/** ky's users know the end of `timeout` as ky's TimeoutError; who has counted the time is in its `cause`. */
export function asKyError(error: unknown, request: Request): unknown {
  return isPacelineError(error, 'ATTEMPT_TIMEOUT') ? timeoutError(request, error) : error;
}

function timeoutError(request: Request, cause: unknown): TimeoutError {
  return Object.assign(new TimeoutError(request), { cause });
}

/** The engine asks about no TypeError but those of a failed connection. */
function networkError(request: Request, error: unknown): unknown {
  return error instanceof TypeError ? new NetworkError(request, { cause: error }) : error;
}
