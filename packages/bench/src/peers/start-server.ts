import { Worker } from 'node:worker_threads';

/** Starts the server on loopback, in a thread of its own. */
export async function startServer(): Promise<{ readonly url: string; stop(): Promise<unknown> }> {
  const worker = new Worker(new URL('./server.ts', import.meta.url));
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { url: `http://127.0.0.1:${port}/items`, stop: () => worker.terminate() };
}
