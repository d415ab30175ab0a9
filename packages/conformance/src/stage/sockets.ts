import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { onTestFinished } from 'vitest';
import type { Step } from '../scenario.ts';
import { bodyOf, callOf, type Received, type Stage } from './stage.ts';

/** The end of the test that a server is for; each test's own, because tests run side by side. */
export type TestEnd = typeof onTestFinished;

/** A server of its own on the loopback interface, for one test. Its time is that of engines without a clock of their own. */
export async function socketStage(steps: readonly Step[], onEnd: TestEnd): Promise<Stage> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const at = performance.now();
    // Whole requests only, so that no answer is lost to bytes that are still on their way.
    const body = await text(request.setEncoding('latin1')).catch(() => 'broken off');
    const step = steps[received.length] ?? 500;
    received.push({ ...headOf(request), at, body, isHeld: step === 'hang' });
    answer(response, step, received.length);
  });
  return { origin: await openUntil(onEnd, server), received };
}

/** Lets a server listen as long as a test runs. */
export async function openUntil(onEnd: TestEnd, server: Server): Promise<string> {
  const origin = await open(server);
  onEnd(() => close(server));
  return origin;
}

/**
 * An address that nobody listens at: IANA has given the port to no one, and the system gives it to no server that asks for
 * any. One that was free a moment ago may be the next test's.
 */
export const deadStage: Stage = { origin: 'http://127.0.0.1:4', received: [] };

async function open(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function headOf({ method = '', url = '', headers }: IncomingMessage): Pick<Received, 'call' | 'method' | 'headers'> {
  return { call: callOf(url), method, headers: headers as Received['headers'] };
}

function answer(response: ServerResponse, step: Step, request: number): void {
  const { socket } = response;
  if (step === 'hang') return;
  if (step === 'reset') return void socket?.resetAndDestroy();
  if (step === 'reset in the headers')
    return void socket?.write('HTTP/1.1 200 OK\r\nContent-Le', () => socket.destroy());
  const { status, headers, isCut } = typeof step === 'number' ? { status: step } : step;
  const body = bodyOf(request);
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (isCut) response.write(body.slice(0, 3), () => socket?.destroy());
  else response.end(body);
}
