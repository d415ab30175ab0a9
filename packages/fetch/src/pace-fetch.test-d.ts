import { createPaceline } from '@paceline/core';
import { installPace, type PacedInit, paceFetch } from './index.ts';

const paced = paceFetch(createPaceline());

// Goes wherever a fetch goes, and takes all that a fetch takes.
export const plain: typeof globalThis.fetch = paced;
paceFetch(createPaceline(), globalThis.fetch);
export const undo: () => void = installPace();
export const answers: Promise<Response>[] = [
  paced('https://api.example.com/'),
  paced(new URL('https://api.example.com/'), { method: 'POST', body: new FormData() }),
  paced(new Request('https://api.example.com/'), {
    signal: AbortSignal.timeout(5),
    pace: { priority: 1, maxRetries: 5 },
  }),
  paced('https://api.example.com/', {
    pace: { fallback: async ({ error }) => (error ? new Response('cached') : undefined) },
  }),
];

// With the installed fetch: a typed init.
const init: PacedInit = { pace: { idempotent: true, totalMs: 2_000 } };
export const installed: Promise<Response> = globalThis.fetch('https://api.example.com/', init);

export const refused: unknown[] = [
  // @ts-expect-error: a number
  paced('https://api.example.com/', { pace: { priority: 'high' } }),
  // @ts-expect-error: no such option
  paced('https://api.example.com/', { pace: { retries: 5 } }),
  // @ts-expect-error: no Response
  paced('https://api.example.com/', { pace: { fallback: () => 'cached' } }),
  // @ts-expect-error: no such option of fetch
  paced('https://api.example.com/', { verb: 'GET' }),
  // @ts-expect-error: not an engine
  paceFetch({}),
];
