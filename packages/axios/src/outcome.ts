import type { Answered, Outcome } from '@paceline/core';
import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig, type RawAxiosHeaders } from 'axios';
import { discard } from './discard.ts';
import { isFinal, isRefusal, isTimeout, neverReached } from './failure.ts';

/** What axios's adapter made of a response: itself, or the error that holds it if `validateStatus` refused it. */
export type Settled = AxiosResponse | { readonly response: AxiosResponse };

export function answered(value: Settled): Answered<Settled> {
  const { status, headers, data } = 'response' in value ? value.response : value;
  return {
    kind: 'answered',
    status,
    value,
    header: (name) => headerOf(headers, name),
    discard: () => discard(data),
  };
}

/** A header's value from whatever an adapter calls headers; repeated ones joined. */
export function headerOf(headers: AxiosResponse['headers'], name: string): string | undefined {
  // One with a getter is the platform's own, or an AxiosHeaders of whatever copy of axios.
  const known =
    typeof headers?.get === 'function' ? headers : AxiosHeaders.from(headers as RawAxiosHeaders | undefined);
  const value: unknown = (known as { get(name: string): unknown }).get(name);
  return value ? [value].flat().join(', ') : undefined;
}

/**
 * A rejection by status is an answer. One with a good status is a response that broke off, which is none.
 *
 * @param config what the adapter ran on.
 * @param isReplayable whether the body can be sent again.
 */
export function outcomeOfRejection(
  error: unknown,
  config: InternalAxiosRequestConfig,
  url: string,
  isReplayable: boolean,
): Outcome<Settled> {
  if (isRefusal(error, config)) return answered(error);
  // An adapter begins to read a stream before it has a connection, so even an attempt that reached nobody uses it up.
  const sent = isReplayable && neverReached(error, url) ? 'never' : 'maybe';
  return { kind: 'failed', error, sent, timedOut: isTimeout(error, config), final: isFinal(error) };
}
