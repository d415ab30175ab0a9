import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './load.ts';
import { createModel, type Fate, type ServerSpec } from './model.ts';

/** A real HTTP server on loopback that behaves as its spec says. */
export interface HerdServer {
  readonly port: number;
  /** Starts the failure script; until then every request counts as sent at its very beginning. */
  start(): void;
  close(): Promise<void>;
}

/** Connections that the kernel may keep waiting: more than any herd here, so that it is the model that decides. */
const LISTEN_BACKLOG = 8_192;

/** Opens the server on a free port of the loopback interface; `seen` is told every request, in order. */
export async function openHerdServer(spec: ServerSpec, seen: (arrival: Arrival) => void): Promise<HerdServer> {
  const decide = createModel(spec);
  let startedAt = Number.POSITIVE_INFINITY;

  const server = createServer((request, response) => {
    const atMs = Math.max(0, performance.now() - startedAt);
    const fate = decide(atMs);
    seen({ atMs, fate: fate.kind });
    suffer(fate, request, response);
  });
  await listen(server);

  return {
    port: (server.address() as AddressInfo).port,
    start: () => {
      startedAt = performance.now();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: LISTEN_BACKLOG }, resolve);
  });
}

function suffer(fate: Fate, request: IncomingMessage, response: ServerResponse): void {
  switch (fate.kind) {
    case 'served':
      setTimeout(() => answer(response, 200, 'served'), fate.inMs);
      return;
    case 'hung':
      setTimeout(() => request.socket.destroy(), fate.inMs);
      return;
    case 'shed':
      answer(response, 503, 'too many requests in line');
      return;
    case 'throttled':
      answer(response, 429, 'over the quota', fate.retryAfterSeconds);
      return;
    case 'unavailable':
      answer(response, 503, 'nobody there', fate.retryAfterSeconds);
      return;
    case 'reset':
      setTimeout(() => request.socket.resetAndDestroy(), fate.inMs);
  }
}

function answer(response: ServerResponse, status: number, text: string, retryAfterSeconds?: number): void {
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  response.writeHead(status, { 'content-type': 'text/plain', ...retryAfter });
  response.end(text);
}
