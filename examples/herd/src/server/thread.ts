import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Arrival } from './load.ts';
import type { ServerSpec } from './model.ts';

/** What the main thread asks of the server's thread. */
export type Order = 'start' | 'finish';

/** What the server's thread answers, in this order. */
export type Report =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'started' }
  | { readonly type: 'finished'; readonly arrivals: readonly Arrival[] };

/** A herd server in a thread of its own, so that the clients' work does not slow down its clock or its counting. */
export interface ServerThread {
  readonly url: string;
  /** Starts the failure script. */
  start(): Promise<void>;
  /** Closes the server, ends the thread, and hands over what the server saw. */
  finish(): Promise<readonly Arrival[]>;
}

/** Starts the thread and waits until its server listens. */
export async function openServerThread(spec: ServerSpec): Promise<ServerThread> {
  const worker = new Worker(new URL('./thread-entry.ts', import.meta.url), { workerData: spec });
  const next = async (): Promise<Report> => {
    const [report] = (await once(worker, 'message')) as [Report];
    return report;
  };
  const ask = (order: Order): Promise<Report> => {
    worker.postMessage(order);
    return next();
  };

  const listening = await next();
  if (listening.type !== 'listening') throw new Error(`The server thread began with ${listening.type}`);
  return {
    url: `http://127.0.0.1:${listening.port}/`,
    start: async () => {
      await ask('start');
    },
    finish: async () => {
      const report = await ask('finish');
      await worker.terminate();
      if (report.type !== 'finished') throw new Error(`The server thread ended with ${report.type}`);
      return report.arrivals;
    },
  };
}
