import { type PaceOptions, warnOnce } from '@paceline/core';
import {
  Axios,
  AxiosError,
  type AxiosRequestConfig,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';

/** Where the request goes, by axios's own rules, without userinfo; undefined unless that is a host on the network. */
export function urlOf(config: InternalAxiosRequestConfig): string | undefined {
  try {
    // Axios itself falls back on this origin where the runtime has no location.
    const base = config.socketPath ? LOCAL : (globalThis.location?.href ?? LOCAL);
    const url = new URL(uriOf(config), base);
    url.username = '';
    url.password = '';
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {
    // The adapter rejects it in axios's own words.
    return undefined;
  }
}

const LOCAL = 'http://localhost';

/** Axios first merges all that it is given with its defaults, which takes longer than the rest; so it gets what it reads. */
function uriOf({ baseURL, url, allowAbsoluteUrls, params, paramsSerializer }: InternalAxiosRequestConfig): string {
  if (!baseURL && !params && url && ABSOLUTE.test(url)) return url;
  return joiner.getUri({ baseURL, url, allowAbsoluteUrls, params, paramsSerializer } as AxiosRequestConfig);
}

const ABSOLUTE = /^https?:\/\//i;

/** Without defaults of its own. */
const joiner = new Axios({});

/** A Unix socket is a lane of its own; its URL names no host. */
export function optionsOf({ pace, socketPath }: InternalAxiosRequestConfig): PaceOptions<AxiosResponse> | undefined {
  return socketPath ? { key: `unix:${socketPath}`, ...pace } : pace;
}

/**
 * Takes the retries out of axios-retry and retry-axios, which would multiply with the engine's: both keep their settings
 * on the config and read them again from the error's. A call with `maxRetries: 0` leaves retrying to them.
 */
export function disarmRetriers(config: InternalAxiosRequestConfig): void {
  if (config.pace?.maxRetries === 0) return;
  disarm(config, 'axios-retry', 'retries');
  disarm(config, 'raxConfig', 'retry');
}

function disarm(config: InternalAxiosRequestConfig & Retriers, retrier: keyof Retriers, limit: string): void {
  const settings: object | undefined = config[retrier];
  if (!settings) return;
  warnOnce(`an axios request has ${retrier} settings; Paceline retries it, so that library does not`);
  Object.assign(config, { [retrier]: { ...settings, [limit]: 0 } });
}

type Retriers = Partial<Record<'axios-retry' | 'raxConfig', object>>;

/** Whether the body's bytes can be had twice; those of streams, `form-data` instances and async iterators cannot. */
export function isReplayable(data: unknown): boolean {
  const members = Object(data) as Record<PropertyKey, unknown>;
  return !['pipe', 'getReader', Symbol.asyncIterator].some((member) => typeof members[member] === 'function');
}

/**
 * Watches a Node stream while its call waits, because an `error` that nobody listens to ends the process. The returned
 * function says why the stream can no longer be sent, if so, as axios would have said it.
 */
export function watchBody(config: InternalAxiosRequestConfig, isReplayable: boolean): () => AxiosError | undefined {
  const stream: NodeStream | undefined = isReplayable ? undefined : config.data;
  let failure: AxiosError | undefined;
  stream?.on?.('error', (error) => {
    failure = AxiosError.from(error, undefined, config);
  });
  return () =>
    stream?.destroyed ? (failure ?? new CanceledError('Request stream has been aborted', config)) : failure;
}

interface NodeStream {
  readonly destroyed?: boolean;
  on?(event: 'error', listener: (error: Error) => void): void;
}
