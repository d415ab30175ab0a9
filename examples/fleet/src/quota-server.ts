import { type LocalServer, serve } from '@paceline/example-support';

/** What the API lets through: 60 a second, and 10 at once. */
const QUOTA = { perMs: 60 / 1000, burst: 10 };

/** An API with one quota for all its callers, a token bucket; it answers 429 to what is over it. */
export async function serveQuota(): Promise<LocalServer> {
  // What the transport may do to a window of 10.
  let tokens = QUOTA.burst + 5;
  let at = performance.now();
  return serve(() => {
    const now = performance.now();
    tokens = Math.min(QUOTA.burst + 5, tokens + (now - at) * QUOTA.perMs);
    at = now;
    if (tokens < 1) return { status: 429 };
    tokens -= 1;
    return { body: 'done' };
  });
}
