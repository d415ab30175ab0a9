import type { Attempt, Call, Outcome } from '@paceline/core';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { abortableBy } from './caller.ts';
import { answered, headerOf, outcomeOfRejection, type Settled } from './outcome.ts';
import { isReplayable, optionsOf, watchBody } from './request.ts';

type Config = InternalAxiosRequestConfig;

/** What an axios request is made of. */
export interface AxiosRequest {
  readonly adapter: AxiosAdapter;
  /** What the interceptors saw; axios promises to give it back with the response or the error. */
  readonly config: Config;
  /** What the configs of the attempts are copies of; may be the same. */
  readonly template: Config;
  /** As they were before the first attempt. */
  readonly headers: Config['headers'];
  readonly url: string;
  readonly signal: AbortSignal | undefined;
}

/** An axios request as the engine sees it. Each attempt is one run of axios's own adapter, on a config of its own. */
export function axiosCall(request: AxiosRequest): Call<Settled> {
  const { config, headers, url, signal } = request;
  const replayable = isReplayable(config.data);
  const bodyFailure = watchBody(config, replayable);
  return {
    url,
    method: (config.method ?? 'get').toUpperCase(),
    replayable,
    // To define a getter takes longer than to search the few headers of a request.
    idempotencyKey: headerOf(headers, 'idempotency-key'),
    signal,
    options: optionsOf(config),
    async send(attempt) {
      const error = bodyFailure();
      return error ? { kind: 'failed', error, sent: 'never', final: true } : runAdapter(request, attempt, replayable);
    },
  };
}

async function runAdapter(request: AxiosRequest, attempt: Attempt, replayable: boolean): Promise<Outcome<Settled>> {
  const { adapter, config, url } = request;
  const own = attemptConfig(request, attempt);
  try {
    const response = await adapter(own);
    giveBack(config, own, response);
    return answered(response);
  } catch (error) {
    giveBack(config, own, error);
    return outcomeOfRejection(error, own, url, replayable);
  }
}

/**
 * Adapters write into the headers (length, boundary, user agent); the next attempt must not find it there. The copy keeps
 * its class, because an adapter knows that of its own axios only; its constructor would take twenty times as long.
 */
function attemptConfig({ template, headers, signal: callers }: AxiosRequest, { signal }: Attempt): Config {
  const own = { ...template, headers: Object.assign(Object.create(Object.getPrototypeOf(headers)), headers) };
  return signal && signal !== callers ? Object.assign(own, abortableBy(template, signal)) : own;
}

/** The config of the interceptors, with the headers as they were sent. */
function giveBack(config: Config, own: Config, made: unknown): void {
  config.headers = own.headers;
  const holder = made as { config?: unknown; response?: { config?: unknown } } | undefined;
  for (const each of [holder, holder?.response]) if (each?.config === own) each.config = config;
}
