import { type Failed, wasNeverSent } from '@paceline/core';

/** What an error may tell; its code comes from Node and undici only. */
interface Details {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly code?: unknown;
}

/** What fetch threw, as an outcome; the error itself stays as it is. */
export function failed(error: unknown, url: string, init: RequestInit | undefined, isReplayable: boolean): Failed {
  // fetch has taken a stream that it was given, whether it sent any of it or not, so proof is of no use there.
  const sent = isReplayable && wasNeverSent(error, url) ? 'never' : 'maybe';
  return { kind: 'failed', error, sent, final: isMistake(error, url, init) };
}

/**
 * Whether fetch refused its arguments, which no host could do differently. Neither the class nor, over all runtimes and
 * languages, the wording of such an error tells it from that of a failed connection; to build the Request again does.
 */
function isMistake(error: unknown, url: string, init: RequestInit | undefined): boolean {
  const { name, message, cause }: Details = Object(error);
  if (name !== 'TypeError') return false;
  // undici's own decisions have no code (a bad port, an unexpected redirect), or one for a wrong argument or length.
  const { message: reason, code = '_ARG' }: Details = Object(cause);
  if (message === 'fetch failed' && reason) return /_ARG|_REQ_/.test(String(code));
  try {
    new Request(url, { ...init, body: null });
    return false;
  } catch {
    return true;
  }
}
