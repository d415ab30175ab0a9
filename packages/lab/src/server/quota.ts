import type { QuotaSpec } from './server-spec.ts';

/** What a quota says to one request. */
export interface Verdict {
  readonly allowed: boolean;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Account {
  /** Takes one request if there is one left. */
  take(now: number): boolean;
  remaining(): number;
  /** Milliseconds until there is more. */
  resetMs(now: number): number;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** A quota that all clients share; asked once for each request, in the order of their arrival. */
export function openQuota(spec: QuotaSpec): (now: number) => Verdict {
  const account = spec.kind === 'fixed-window' ? openWindow(spec) : openBucket(spec);
  return (now) => {
    const allowed = account.take(now);
    return { allowed, headers: headersOf(spec, account, allowed, now) };
  };
}

function headersOf(spec: QuotaSpec, account: Account, allowed: boolean, now: number): Verdict['headers'] {
  if (spec.hint === 'none' || (spec.hint === 'retry-after' && allowed)) return NO_HEADERS;
  const seconds = String(Math.ceil(account.resetMs(now) / 1000));
  if (spec.hint === 'retry-after') return { 'retry-after': seconds };
  return { ratelimit: `"default";r=${Math.floor(account.remaining())};t=${seconds}` };
}

function openWindow({ limit, perMs }: QuotaSpec): Account {
  let window = 0;
  let used = 0;
  return {
    take: (now) => {
      const current = Math.floor(now / perMs);
      if (current > window) used = 0;
      window = current;
      if (used >= limit) return false;
      used += 1;
      return true;
    },
    remaining: () => limit - used,
    resetMs: (now) => (window + 1) * perMs - now,
  };
}

function openBucket({ limit, perMs, burst = limit }: QuotaSpec): Account {
  let tokens = burst;
  let at = 0;
  return {
    take: (now) => {
      tokens = Math.min(burst, tokens + ((now - at) * limit) / perMs);
      at = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    remaining: () => tokens,
    resetMs: () => (Math.max(0, 1 - tokens) * perMs) / limit,
  };
}
