import { parentPort, workerData } from 'node:worker_threads';
import { openHerdServer } from './herd-server.ts';
import type { Arrival } from './load.ts';
import type { ServerSpec } from './model.ts';
import type { Order, Report } from './thread.ts';

const arrivals: Arrival[] = [];
const server = await openHerdServer(workerData as ServerSpec, (arrival) => arrivals.push(arrival));
const tell = (report: Report): void => parentPort?.postMessage(report);

parentPort?.on('message', async (order: Order) => {
  if (order === 'start') {
    server.start();
    tell({ type: 'started' });
    return;
  }
  await server.close();
  tell({ type: 'finished', arrivals });
});
tell({ type: 'listening', port: server.port });
