/** The server's own limit on how fast requests may come, as published to its users. */
export interface QuotaSpec {
  readonly perSecond: number;
  /** Requests that may come at once after a rest. */
  readonly burst: number;
  /** What a 429 tells the client to wait. */
  readonly retryAfterSeconds: number;
}

/** A token bucket; says for each request whether it is within the quota, and counts it if so. */
export function openQuota(spec: QuotaSpec): (nowMs: number) => boolean {
  let tokens = spec.burst;
  let lastMs = 0;
  return (nowMs) => {
    tokens = Math.min(spec.burst, tokens + ((nowMs - lastMs) / 1000) * spec.perSecond);
    lastMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
