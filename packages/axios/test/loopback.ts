import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request as it came over the wire. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Loopback {
  readonly port: number;
  readonly url: string;
  readonly received: readonly Received[];
  /** TCP connections that were opened. */
  readonly connections: number;
}

/** Answers request number `count`, from 1. */
export type Answer = (response: ServerResponse, count: number, request: Received) => void;

/** A real server on 127.0.0.1, for one test. */
export async function loopback(answer: Answer, port = 0): Promise<Loopback> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks) });
    answer(response, received.length, received.at(-1)!);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    received,
    get connections() {
      return sockets.size;
    },
  };
}

/** Answers with these statuses in turn, the last one for ever. */
export function statuses(...codes: number[]): Answer {
  return (response, count) => {
    response.statusCode = codes[Math.min(count, codes.length) - 1]!;
    response.end(`answer ${count}`);
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
