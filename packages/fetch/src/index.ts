// For applications
export { installPace } from './install-pace.ts';
export { type PacedFetch, paceFetch } from './pace-fetch.ts';
export type { PacedInit } from './fetch-call.ts';

// For adapters of clients that send through fetch
export { isReplayable } from './body.ts';
export type { ClientFacts, Fetch, FetchInput } from './fetch-call.ts';
export { unpaced } from './pace-fetch.ts';
export { sendPaced } from './send-paced.ts';
