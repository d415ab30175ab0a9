import { attach, attachmentOf, type Paceline, type PaceOptions, sharedPaceline, warnOnce } from '@paceline/core';
import axios, { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { type Adapters, resolveAdapter } from './inner-adapter.ts';
import { sendPaced } from './send-paced.ts';

declare module 'axios' {
  // Axios gained a second type parameter in 1.19; without any, this merges with all of them.
  interface AxiosRequestConfig {
    /** What this call asks of Paceline. Merges field by field with the instance's `defaults.pace`. */
    pace?: PaceOptions<AxiosResponse> | undefined;
  }
}

/**
 * Makes a request interceptor that sends an axios instance's calls through `pace`: one queue and one token bucket per
 * host, shared with every other client on the same engine.
 *
 * The interceptor replaces `config.adapter` and nothing else, so interceptors and transforms run once per call, not once
 * per attempt. What axios resolves or rejects with is handed on as axios made it. Where Paceline itself ends a call, the
 * rejection is an `AxiosError` with Paceline's `code` and the `PacelineError` as its `cause`.
 *
 * @param pace the engine. Default: the process's shared one.
 *
 * @example
 * ```ts
 * import { paceAxios } from '@paceline/axios';
 * import { createPaceline, perSecond } from '@paceline/core';
 * import axios from 'axios';
 *
 * const pace = createPaceline({ hosts: { 'api.example.com': { rate: perSecond(10) } } });
 * const api = axios.create({ baseURL: 'https://api.example.com' });
 * api.interceptors.request.use(paceAxios(pace));
 *
 * await api.get('/users', { pace: { totalMs: 2_000 } });
 * ```
 */
export function paceAxios(
  pace: Paceline = sharedPaceline(),
): (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig {
  return (config) => {
    config.adapter = pacedAdapter(pace, config.adapter ?? axios.defaults.adapter);
    return config;
  };
}

/** Wraps once: under this engine's own wrapper nothing changes, under another engine's the adapter is taken out first. */
function pacedAdapter(pace: Paceline, adapters: Adapters): AxiosAdapter {
  const attached = typeof adapters === 'function' ? attachmentOf(adapters) : undefined;
  if (attached === undefined) return wrap(pace, adapters);
  if (attached.pace === pace) return adapters as AxiosAdapter;
  warnOnce('two engines are attached to one axios instance; the interceptor that runs last decides');
  return wrap(pace, attached.inner);
}

function wrap(pace: Paceline, adapters: Adapters): AxiosAdapter {
  const inner: AxiosAdapter = (config) => resolveAdapter(adapters, config)(config);
  return attach<AxiosAdapter>((config) => sendPaced(pace, adapters, config), { pace, inner });
}
