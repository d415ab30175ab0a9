import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server says to one request. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** One request as the server saw it. */
export interface Seen {
  /** Milliseconds since the first request. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** What the server answered. */
  readonly status: number;
}

export interface LocalServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `127.0.0.1:<port>`, its name among Paceline's `hosts`. */
  readonly host: string;
  /** Every request, in the order of the answers. */
  readonly seen: readonly Seen[];
  close(): void;
}

/** Starts a server on a free port of this machine. `answer` gets each request and its number, 1 for the first. */
export async function serve(
  answer: (request: IncomingMessage, number: number) => Answer | Promise<Answer>,
): Promise<LocalServer> {
  const seen: Seen[] = [];
  let requests = 0;
  let startedAt = 0;

  const server = createServer(async (request, response) => {
    requests += 1;
    if (requests === 1) startedAt = performance.now();
    const at = Math.round(performance.now() - startedAt);
    const { status = 200, headers, body = null } = await answer(request, requests);
    seen.push({ at, method: request.method ?? '', path: request.url ?? '', status });
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    seen,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Prints what a server saw, a line for each request. */
export function printSeen({ seen }: LocalServer): void {
  console.log('The server saw');
  for (const { at, method, path, status } of seen) {
    console.log(`${String(at).padStart(6)} ms  ${method} ${path}  ${status}`);
  }
}
