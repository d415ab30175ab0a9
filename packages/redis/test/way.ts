import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** The way to a server, which tests lengthen, cut and turn to another server. */
export interface Way {
  readonly url: string;
  /** Port of the server that new connections reach. */
  target: number;
  /** Added to what each piece takes on its way there, in milliseconds. */
  delayMs: number;
  /** Ends all connections. */
  cut(): void;
}

/** A way that ends with the test. */
export async function wayTo(port: number): Promise<Way> {
  const open = new Set<Socket>();
  const server = createServer(async (near) => {
    const far = connect(way.target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
    far.pipe(near);
    let passed = Promise.resolve();
    near.on('data', (piece) => {
      const { delayMs } = way;
      const due = delayMs === 0 ? undefined : delay(delayMs);
      passed = passed.then(async () => {
        await due;
        far.write(piece);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way: Way = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: port,
    delayMs: 0,
    cut: () => open.forEach((socket) => void socket.destroy()),
  };
  onTestFinished(() => {
    way.cut();
    server.close();
  });
  return way;
}
