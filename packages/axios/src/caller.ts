import axios, { type CancelToken, type InternalAxiosRequestConfig } from 'axios';

/** All that lets the caller abort, as the one signal that the engine follows. */
export interface Caller {
  readonly signal: AbortSignal | undefined;
  /** Takes every listener away. */
  leave(): void;
}

export function followCaller({ signal, cancelToken }: InternalAxiosRequestConfig): Caller {
  if (!cancelToken) return { signal: (signal as AbortSignal | null | undefined) ?? undefined, leave() {} };
  const controller = new AbortController();
  const cancel = (reason: unknown): void => controller.abort(reason);
  const abort = (): void => cancel((signal as AbortSignal).reason);
  cancelToken.subscribe(cancel);
  signal?.addEventListener?.('abort', abort);
  return {
    signal: controller.signal,
    leave() {
      cancelToken.unsubscribe(cancel);
      signal?.removeEventListener?.('abort', abort);
    },
  };
}

/**
 * What makes axios obey the engine's `signal` in an attempt. The caller's own must go on ruling a streamed response after
 * the engine has let go of it, so there it stays where it is, and axios takes it off when the stream ends.
 */
export function abortableBy(
  { responseType, signal: own, cancelToken }: InternalAxiosRequestConfig,
  signal: AbortSignal,
): Pick<InternalAxiosRequestConfig, 'signal' | 'cancelToken'> {
  if (responseType !== 'stream' || !own) return { signal };
  return { cancelToken: tokenOf(signal, cancelToken) };
}

function tokenOf(signal: AbortSignal, token: CancelToken | undefined): CancelToken {
  return new axios.CancelToken((cancel) => {
    signal.addEventListener('abort', () => cancel());
    token?.subscribe((reason) => cancel(reason.message));
  });
}
