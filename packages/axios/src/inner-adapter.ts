import { attachmentOf, type Paceline, warnOnce } from '@paceline/core';
import { type AxiosAdapter, getAdapter, type InternalAxiosRequestConfig } from 'axios';

/** What `config.adapter` may hold: a name, a function, or several of them to choose from. */
export type Adapters = InternalAxiosRequestConfig['adapter'];

type Fetch = typeof globalThis.fetch;

/** @throws AxiosError if none of them runs here. */
export function resolveAdapter(adapters: Adapters, config: InternalAxiosRequestConfig): AxiosAdapter {
  return typeof adapters === 'function' ? adapters : getAdapter(adapters, config);
}

/**
 * The config under which axios's fetch adapter sends past a paced `fetch`: a call that holds a slot and queues for the
 * same host once more would wait for itself.
 */
export function withBareFetch(config: InternalAxiosRequestConfig, pace: Paceline): InternalAxiosRequestConfig {
  const paced: Fetch | undefined = config.env?.fetch ?? globalThis.fetch;
  const attached = paced && attachmentOf(paced);
  if (attached === undefined) return config;
  if (attached.pace !== pace) warnOnce('fetch is on another engine than axios; axios calls obey their own only');
  let fetch = attached.inner;
  for (let next = attachmentOf(fetch); next !== undefined; next = attachmentOf(fetch)) fetch = next.inner;
  return { ...config, env: { ...config.env, fetch } };
}

/**
 * Whether `adapter` sends through a paced global `fetch` whatever `env` says: the fetch adapter of axios before 1.12, the
 * only one that is a function known by name.
 */
export function isPacedBelow(adapter: AxiosAdapter): boolean {
  return 'adapterName' in adapter && adapter.adapterName === 'fetch' && attachmentOf(globalThis.fetch) !== undefined;
}
