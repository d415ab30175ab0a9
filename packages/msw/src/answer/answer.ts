import { HttpHandler, HttpResponse } from 'msw';
import type { CutReply, Reply } from '../scenario/rules.ts';

/** Every reply but a hang is a response. */
export function responseOf(reply: Exclude<Reply, { readonly kind: 'hang' }>): Response {
  if (reply.kind === 'answer') return new HttpResponse(reply.body, reply);
  if (reply.kind === 'cut') return cutShort(reply);
  return reply.kind === 'reset' && isWrittenToSockets() ? brokenAtOnce() : HttpResponse.error();
}

/** Adds headers to a response, in place where it allows that: MSW keeps a response's cookies beside its headers. */
export function withHeaders(
  response: Response,
  headers: readonly (readonly [name: string, value: string])[],
): Response {
  if (headers.length === 0 || response.type === 'error') return response;
  try {
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  } catch {
    return withHeaders(new HttpResponse(response.body, response), headers);
  }
}

function cutShort({ status, headers, bytes, cutAfter }: CutReply): Response {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!sent) {
        sent = true;
        return controller.enqueue(bytes.slice(0, cutAfter));
      }
      // Real time, whatever the scenario's clock is: what was enqueued has to reach the client before the break does.
      await new Promise((resolve) => setTimeout(resolve, 0));
      controller.error(new TypeError('terminated'));
    },
  });
  return new HttpResponse(body, { status, headers: { 'Content-Length': `${bytes.length}`, ...headers } });
}

/** MSW 3 puts a response on the socket with the first chunk of its body; a body that has none destroys the socket. */
function brokenAtOnce(): Response {
  return new HttpResponse(
    new ReadableStream({
      pull(controller) {
        controller.error(new TypeError('terminated'));
      },
    }),
  );
}

/** Whether MSW answers below the client, as MSW 3 does in Node, rather than hand it a Response. */
function isWrittenToSockets(): boolean {
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } };
  return process?.versions?.node !== undefined && 'dispose' in HttpHandler.prototype;
}
