import { isPacelineError, type PacelineError } from '@paceline/core';
import { paceKy } from '@paceline/ky';
import ky, { type Hooks, isHTTPError, isNetworkError, isTimeoutError, type Options } from 'ky';
import type { Body, Client, HookListener, Request } from '../client.ts';
import { webStream } from './web-stream.ts';

export const kyClient: Client = {
  library: 'ky',
  words: {
    options: '`{ context: { pace: { … } } }`',
    place: 'after the `beforeRequest` hooks',
    attemptEnds: 'at the response headers',
    badStatus: 'rejects with an `HTTPError`, the response in its `response`, the body in its `data`',
    networkFailure: "rejects with ky's own `NetworkError`",
    attemptTimeout: "ky's `TimeoutError`, the `PacelineError` as its `cause`",
    refusal: 'a `PacelineError`',
    abort: "the signal's own reason",
    ownTimeout: '`timeout`: one attempt; `totalTimeout`: the whole call',
    oneShot: '`ReadableStream` and anything unknown',
  },
  attemptEnds: 'at the headers',
  joinsAtOnce: false,
  asksEngineAfterAbort: true,
  hasOwnTimeout: true,
  limitsAttempts: true,
  hooks: ['beforeRequest', 'afterResponse'],
  connect(pace, onHook) {
    const api = ky.extend({ hooks: { init: [paceKy(pace)], ...(onHook && hooksOf(onHook)) } });
    return (request) => api(request.url, optionsOf(request));
  },
  answerIn: (error) =>
    isHTTPError(error) ? { status: error.response.status, text: async () => String(error.data) } : undefined,
  isNetworkFailure: (error) => isNetworkError(error) && error.cause instanceof TypeError,
  refusalIn,
  isAbort: (error, reason) => error === reason,
};

/** The end of an attempt's time comes as ky's TimeoutError and in no other way. */
function refusalIn(error: unknown): PacelineError | undefined {
  if (isTimeoutError(error)) return isPacelineError(error.cause, 'ATTEMPT_TIMEOUT') ? error.cause : undefined;
  return isPacelineError(error) && error.code !== 'ATTEMPT_TIMEOUT' ? error : undefined;
}

function optionsOf({ method, headers, body, signal, options, fallsBackTo, timeoutMs: timeout }: Request): Options {
  const pace = { ...options, ...(fallsBackTo !== undefined && { fallback: () => new Response(fallsBackTo) }) };
  return {
    method,
    headers: { ...headers },
    ...bodyOf(body),
    ...(signal && { signal }),
    context: { pace },
    ...(timeout !== undefined && { timeout }),
  };
}

function bodyOf(body: Body | undefined): Pick<Options, 'body' | 'json'> {
  switch (body?.kind) {
    case undefined:
      return {};
    case 'plain':
      return { body: body.value };
    case 'json':
      return { json: body.value };
    case 'stream':
      return { body: webStream(body.chunks) };
  }
}

function hooksOf(onHook: HookListener): Hooks {
  return {
    beforeRequest: [() => onHook('beforeRequest')],
    afterResponse: [() => onHook('afterResponse')],
  };
}
