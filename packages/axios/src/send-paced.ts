import { isPacelineError, type Paceline } from '@paceline/core';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError, CanceledError, isCancel } from 'axios';
import { axiosCall } from './axios-call.ts';
import { followCaller } from './caller.ts';
import { type Adapters, isPacedBelow, resolveAdapter, withBareFetch } from './inner-adapter.ts';
import { disarmRetriers, urlOf } from './request.ts';

/**
 * Takes one request through the engine in the place of `adapters`: resolves or rejects with what they made of the last
 * attempt. What goes to no host of the network is theirs alone.
 */
export async function sendPaced(
  pace: Paceline,
  adapters: Adapters,
  config: InternalAxiosRequestConfig,
): Promise<AxiosResponse> {
  const template = withBareFetch(config, pace);
  const adapter = resolveAdapter(adapters, template);
  const url = urlOf(config);
  if (url === undefined || isPacedBelow(adapter)) return adapter(config);
  disarmRetriers(config);
  const { signal, leave } = followCaller(config);
  const outcome = await pace.run(axiosCall({ adapter, config, template, headers: config.headers, url, signal }));
  leave();
  if (outcome.kind === 'failed') throw rejectionOf(outcome.error, config, signal);
  if ('response' in outcome.value) throw outcome.value;
  return outcome.value;
}

/** Failures of the adapter stay as they are; what the caller or Paceline did is said in axios's terms. */
function rejectionOf(error: unknown, config: InternalAxiosRequestConfig, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted && error === signal.reason) {
    // A CancelToken's reason is a CanceledError already. A cause is not enumerable, so that loggers do not walk into it.
    if (isCancel(error)) return error;
    return Object.defineProperty(new CanceledError(undefined, config), 'cause', { value: error, configurable: true });
  }
  return isPacelineError(error) ? AxiosError.from(error, error.code, config) : error;
}
