import { type Fetch, isReplayable } from '@paceline/fetch';
import type { Options } from 'ky';

/** Notes the JSON text that ky makes, so that every attempt sends the same one. */
export function captureJson(options: Options): () => string | undefined {
  if (options.json === undefined) return () => undefined;
  const { stringifyJson = JSON.stringify } = options;
  let text: string | undefined;
  options.stringifyJson = (data) => {
    text = stringifyJson(data);
    return text;
  };
  return () => text;
}

/** The body of the call where it can be sent again; undefined also where a hook may have put another in its place. */
export function resendableBody(options: Options, json: string | undefined): BodyInit | undefined {
  const { beforeRequest, afterResponse } = options.hooks ?? {};
  if (beforeRequest?.length || afterResponse?.length) return undefined;
  const body = options.json === undefined ? options.body : json;
  return isReplayable(body) ? (body ?? undefined) : undefined;
}

/** A fetch for one call: ky's own Request first, then the same with `body` anew. Needs no copy of the Request. */
export function resending(fetch: Fetch, body: BodyInit): Fetch {
  let isFirst = true;
  return (input, init) => {
    if (!isFirst) return fetch(input, { ...init, body, headers: headersFor(input as Request, body) });
    isFirst = false;
    return fetch(input, init);
  };
}

/** A form comes with a new boundary each time, so the last one's must not stay. */
function headersFor(request: Request, body: BodyInit): Headers {
  // In pairs, because under MSW a copy of them is empty.
  const headers = new Headers([...request.headers]);
  if (body instanceof FormData) headers.delete('content-type');
  return headers;
}
