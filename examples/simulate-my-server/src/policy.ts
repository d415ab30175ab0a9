import { exponential, type HostPolicy, perSecond } from '@paceline/core';

/** What the application ships: `createPaceline({ hosts: { 'orders.example.com': policy } })`. */
export const policy: HostPolicy = {
  rate: perSecond(30),
  burst: 10,
  queue: { maxWaitMs: 2_000 },
  retry: { maxRetries: 2, backoff: exponential({ baseMs: 200 }) },
  budget: { ratio: 0.1 },
};
