import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { paceAxios } from '@paceline/axios';
import { isPacelineError, type PacelineError } from '@paceline/core';
import axios, {
  AxiosHeaders,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  isAxiosError,
  isCancel,
} from 'axios';
import type { Answer, Body, Client, HookListener, Request } from '../client.ts';
import { webStream } from './web-stream.ts';

/** A way to use axios. */
interface Variant {
  readonly name: string;
  readonly adapter: 'http' | 'fetch';
  readonly responseType: 'text' | 'stream';
  readonly oneShot: string;
}

const ofNode = 'streams of Node, `form-data` instances';

export const axiosOverHttp: Client = clientOf({
  name: 'http adapter',
  adapter: 'http',
  responseType: 'text',
  oneShot: ofNode,
});

export const axiosOverFetch: Client = clientOf({
  name: 'fetch adapter',
  adapter: 'fetch',
  responseType: 'text',
  oneShot: '`ReadableStream`',
});

export const axiosStreaming: Client = clientOf({
  name: "`responseType: 'stream'`",
  adapter: 'http',
  responseType: 'stream',
  oneShot: ofNode,
});

function clientOf({ name, adapter, responseType, oneShot }: Variant): Client {
  const endsWithBody = responseType !== 'stream';
  return {
    library: 'axios',
    variant: name,
    words: {
      options: '`{ pace: { … } }`',
      place: 'after the request interceptors',
      attemptEnds: endsWithBody ? 'with the body' : 'at the response headers',
      badStatus: 'rejects with an `AxiosError`, the response in its `response`',
      networkFailure: "rejects with axios's own `AxiosError`",
      attemptTimeout: 'an `AxiosError` with the code `ATTEMPT_TIMEOUT`, the `PacelineError` as its `cause`',
      refusal: 'an `AxiosError` with the same `code`, the `PacelineError` as its `cause`',
      abort: "a `CanceledError`, the signal's reason as its `cause`",
      ownTimeout: "`timeout`: one attempt; the last one ends with axios's own error",
      oneShot,
    },
    attemptEnds: endsWithBody ? 'with the body' : 'at the headers',
    joinsAtOnce: false,
    asksEngineAfterAbort: false,
    hasOwnTimeout: true,
    limitsAttempts: false,
    hooks: ['request interceptor', 'transformRequest', 'transformResponse', 'response interceptor'],
    connect(pace, onHook) {
      const api = axios.create({ adapter, responseType });
      api.interceptors.request.use(paceAxios(pace));
      if (onHook) listen(api, onHook);
      return async (request) => answerOf(await api.request(configOf(request, adapter)));
    },
    answerIn: (error) => (isAxiosError(error) && error.response ? answerOf(error.response) : undefined),
    isNetworkFailure: (error) =>
      isAxiosError(error) && !error.response && error.cause instanceof Error && !isPacelineError(error.cause),
    refusalIn,
    isAbort: (error, reason) => isCancel(error) && causeOf(error) === reason,
  };
}

function answerOf({ status, data }: AxiosResponse<unknown>): Answer {
  return { status, text: async () => (data instanceof Readable ? text(data) : String(data)) };
}

function refusalIn(error: unknown): PacelineError | undefined {
  if (!isAxiosError(error) || !isPacelineError(error.cause)) return undefined;
  return error.code === error.cause.code ? error.cause : undefined;
}

/** Not in axios's types of its CanceledError. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function configOf(request: Request, adapter: Variant['adapter']): AxiosRequestConfig {
  const { url, method, body, signal, options, fallsBackTo, timeoutMs: timeout } = request;
  const headers = new AxiosHeaders({ ...request.headers });
  // As `putForm` does; the fetch adapter tells a form's boundary only then.
  if (body?.kind === 'plain' && body.value instanceof FormData) headers.setContentType('multipart/form-data');
  return {
    url,
    method,
    headers,
    pace: { ...options, ...(fallsBackTo !== undefined && { fallback: () => responseOf(fallsBackTo) }) },
    data: dataOf(body, adapter),
    ...(signal && { signal }),
    ...(timeout !== undefined && { timeout }),
  };
}

function responseOf(data: string): AxiosResponse {
  const headers = new AxiosHeaders();
  return { status: 200, statusText: 'OK', headers, data, config: { headers } };
}

function dataOf(body: Body | undefined, adapter: Variant['adapter']): unknown {
  if (body?.kind !== 'stream') return body?.value;
  return adapter === 'http' ? Readable.from(body.chunks) : webStream(body.chunks);
}

function listen({ interceptors, defaults }: AxiosInstance, onHook: HookListener): void {
  const heard =
    (hook: string) =>
    <T>(value: T): T => {
      onHook(hook);
      return value;
    };
  interceptors.request.use(heard('request interceptor'));
  interceptors.response.use(heard('response interceptor'));
  defaults.transformRequest = [defaults.transformRequest ?? [], heard('transformRequest')].flat();
  defaults.transformResponse = [defaults.transformResponse ?? [], heard('transformResponse')].flat();
}
