import { isPacelineError } from '@paceline/core';
import { type PacedInit, paceFetch } from '@paceline/fetch';
import type { Body, Client, Request } from '../client.ts';
import { webStream } from './web-stream.ts';

export const fetchClient: Client = {
  library: 'fetch',
  words: {
    options: '`{ pace: { … } }`',
    place: 'in the call itself',
    attemptEnds: 'at the response headers',
    badStatus: 'resolves with the `Response`, body unread',
    networkFailure: "rejects with fetch's own `TypeError`",
    attemptTimeout: 'a `PacelineError` with the code `ATTEMPT_TIMEOUT`',
    refusal: 'a `PacelineError`',
    abort: "the signal's own reason",
    ownTimeout: 'none',
    oneShot: '`ReadableStream` and anything unknown',
  },
  attemptEnds: 'at the headers',
  joinsAtOnce: true,
  asksEngineAfterAbort: true,
  hasOwnTimeout: false,
  limitsAttempts: false,
  hooks: [],
  connect(pace) {
    const fetch = paceFetch(pace);
    return (request) => fetch(request.url, initOf(request));
  },
  answerIn: () => undefined,
  isNetworkFailure: (error) => error instanceof TypeError && error.cause instanceof Error,
  refusalIn: (error) => (isPacelineError(error) ? error : undefined),
  isAbort: (error, reason) => error === reason,
};

function initOf({ method, headers, body, signal, options, fallsBackTo }: Request): PacedInit {
  const pace = { ...options, ...(fallsBackTo !== undefined && { fallback: () => new Response(fallsBackTo) }) };
  return { method, headers, pace, ...bodyOf(body), ...(signal && { signal }) };
}

function bodyOf(body: Body | undefined): RequestInit & { duplex?: 'half' } {
  switch (body?.kind) {
    case undefined:
      return {};
    case 'plain':
      return { body: body.value };
    case 'json':
      return { body: JSON.stringify(body.value) };
    case 'stream':
      return { body: webStream(body.chunks), duplex: 'half' };
  }
}
