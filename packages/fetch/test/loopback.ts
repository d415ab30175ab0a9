import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A server of this test, closed at its end. */
export interface Loopback {
  readonly url: string;
  /** Bodies that came, in order. */
  readonly bodies: string[];
  /** Heads that came, in order. */
  readonly requests: IncomingMessage[];
  /** TCP connections that were opened. */
  connections: number;
}

/** Starts a real HTTP server; each answer in turn, the last one for good. A whole request is read before it is answered. */
export async function serve(...answers: readonly RequestListener[]): Promise<Loopback> {
  const server = createServer(async (request, response) => {
    loopback.requests.push(request);
    const answer = answers[Math.min(loopback.requests.length, answers.length) - 1];
    loopback.bodies.push(await text(request).catch(() => 'broken off'));
    answer?.(request, response);
  });
  const loopback: Loopback = { url: await listen(server), bodies: [], requests: [], connections: 0 };
  server.on('connection', () => {
    loopback.connections += 1;
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return loopback;
}

/** Starts a server that handles raw sockets, for answers that are none; each in turn, the last one for good. */
export async function serveSockets(...handlers: readonly ((socket: Socket) => void)[]): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    loopback.connections += 1;
    sockets.add(socket.on('error', () => {}));
    const handler = handlers[Math.min(loopback.connections, handlers.length) - 1];
    socket.once('data', () => handler?.(socket));
  });
  const loopback: Loopback = { url: await listen(server), bodies: [], requests: [], connections: 0 };
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return loopback;
}

/** A URL that nobody listens on. */
export async function deadUrl(): Promise<string> {
  const server = createSocketServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ''): RequestListener {
  return (_request, response) => void response.writeHead(code, headers).end(body);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
