import { failures } from '@paceline/msw';
import { setupWorker } from 'msw/browser';

const { handler } = failures({ errors: { share: 0.1 }, slow: { minMs: 200, maxMs: 800 } });
await setupWorker(handler).start();
