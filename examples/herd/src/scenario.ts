import type { ServerSpec } from './server/model.ts';

/** What the clients do, the same for every strategy. Times are in milliseconds. */
export interface HerdSpec {
  /** Processes of one application; each has an engine of its own. */
  readonly clients: number;
  /** A stream of calls that does not wait for answers, spread evenly over the clients. */
  readonly stream: { readonly perSecond: number; readonly forMs: number };
  /** The same job, started by every client at nearly the same moment. */
  readonly herd: { readonly atMs: number; readonly callsPerClient: number; readonly spreadMs: number };
  /** What every call is given, whatever the strategy. */
  readonly backoffBaseMs: number;
  readonly call: { readonly maxRetries: number; readonly attemptMs: number; readonly totalMs: number };
}

export interface Scenario {
  readonly server: ServerSpec;
  readonly herd: HerdSpec;
}

/** The part of the server that no scenario changes: 200 requests a second at best, 160 of them published as the quota. */
const server = {
  workers: 10,
  serviceMs: 50,
  longestLine: 20,
  rejectionShare: 0.05,
  quota: { perSecond: 160, burst: 20, retryAfterSeconds: 1 },
  hangEvery: 200,
  hangMs: 2_000,
} satisfies Omit<ServerSpec, 'script'>;

/** Requests in flight at once that the server asks its users to stay under. */
export const PUBLISHED_CONCURRENCY = 30;

/** Three seconds of outage with the herd in it, then two at half speed. */
export const fullScenario: Scenario = {
  server: {
    ...server,
    script: [
      { kind: 'healthy', untilMs: 1_000 },
      { kind: 'frozen', untilMs: 2_500 },
      { kind: 'unavailable', untilMs: 3_500, retryAfterSeconds: 1 },
      { kind: 'recovering', untilMs: 5_500, share: 0.5 },
    ],
  },
  herd: {
    clients: 10,
    stream: { perSecond: 80, forMs: 6_000 },
    herd: { atMs: 1_500, callsPerClient: 30, spreadMs: 500 },
    backoffBaseMs: 1_000,
    call: { maxRetries: 5, attemptMs: 2_000, totalMs: 10_000 },
  },
};

/**
 * The same story in a quarter of the time, with a smaller herd. What the server asks its clients to wait stays a whole
 * second, as Retry-After has no less, so a call has more than a quarter of its time.
 */
export const quickScenario: Scenario = {
  server: {
    ...server,
    script: [
      { kind: 'healthy', untilMs: 200 },
      { kind: 'frozen', untilMs: 600 },
      { kind: 'unavailable', untilMs: 850, retryAfterSeconds: 1 },
      { kind: 'recovering', untilMs: 1_400, share: 0.5 },
    ],
  },
  herd: {
    clients: 10,
    stream: { perSecond: 80, forMs: 1_400 },
    herd: { atMs: 300, callsPerClient: 7, spreadMs: 120 },
    backoffBaseMs: 250,
    call: { maxRetries: 5, attemptMs: 1_000, totalMs: 3_500 },
  },
};

/** Half a minute that comes again and again: one engine for all, an outage, and a herd that meets a healthy server. */
export const liveScenario: Scenario = {
  server: {
    ...server,
    script: [
      { kind: 'healthy', untilMs: 20_000 },
      { kind: 'frozen', untilMs: 21_500 },
      { kind: 'unavailable', untilMs: 23_500, retryAfterSeconds: 1 },
      { kind: 'recovering', untilMs: 26_500, share: 0.5 },
    ],
    repeatMs: 30_000,
  },
  herd: {
    clients: 1,
    stream: { perSecond: 80, forMs: 30_000 },
    herd: { atMs: 10_000, callsPerClient: 300, spreadMs: 500 },
    backoffBaseMs: 1_000,
    call: { maxRetries: 5, attemptMs: 2_000, totalMs: 10_000 },
  },
};
