import type { ServerNumbers } from '@paceline/lab';

/** The orders service, from its dashboards: 16 workers, 45 ms a request; twelve instances of ours call it. */
export const server: ServerNumbers = {
  workers: 16,
  serviceMs: 45,
  cv: 0.8,
  queueLength: 200,
  processes: 12,
  perSecond: 280,
  attemptMs: 500,
  totalMs: 5_000,
};
