import { wasNeverSent } from '@paceline/core';
import { type AxiosResponse, type InternalAxiosRequestConfig, isAxiosError, isCancel } from 'axios';

/** What is looked for on an error of any kind. */
interface ErrorFields {
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly config?: unknown;
  readonly message?: unknown;
  readonly response?: AxiosResponse;
  /** Through follow-redirects, the http adapter's request counts. */
  readonly request?: { readonly _redirectCount?: number } | null;
}

/** Whether an adapter rejected with a response for its status, and not for one that broke off. */
export function isRefusal(
  error: unknown,
  { validateStatus }: InternalAxiosRequestConfig,
): error is { readonly response: AxiosResponse } {
  const { response }: ErrorFields = Object(error);
  const { status } = response ?? {};
  return status !== undefined && (status >= 400 || (validateStatus != null && !validateStatus(status)));
}

/** Axios's own `timeout`, which measures one run of the adapter: an attempt. */
export function isTimeout(error: unknown, { timeout }: InternalAxiosRequestConfig): boolean {
  return Boolean(timeout) && isAxiosError(error) && /^(ECONNABORTED|ETIMEDOUT)$/.test(error.code ?? '');
}

/**
 * Whether the error blames the request and not the network: a cancellation, one of the `ERR_…` codes of axios and Node,
 * or an error without a code that axios did not make of a failed request.
 */
export function isFinal(error: unknown): boolean {
  if (isCancel(error)) return true;
  const { cause, config, message }: ErrorFields = Object(error);
  const code = codeOf(error);
  if (code === undefined) return !(isAxiosError(error) && config) || cause instanceof TypeError;
  return MISTAKE.test(code) && message !== 'stream has been aborted';
}

/** Besides the network's own, those that axios gives to a response that broke off are not among them. */
const MISTAKE = /^ERR_(?!NETWORK|HTTP2_|SOCKET_|STREAM_PREMATURE)/;

/** The code of the outermost error that has one. */
function codeOf(error: unknown): string | undefined {
  const { code, cause }: ErrorFields = Object(error);
  if (typeof code === 'string') return code;
  return cause === undefined ? undefined : codeOf(cause);
}

/**
 * Whether nobody has processed the request. The http adapter counts redirects: after one, the first host has had it;
 * without one, an error at another place is a proxy's.
 */
export function neverReached(error: unknown, url: string): boolean {
  const { request }: ErrorFields = Object(error);
  const redirects = request?._redirectCount;
  return redirects ? false : wasNeverSent(error, redirects === 0 ? undefined : url);
}
