import { type Phase, phaseAt } from './failure-script.ts';
import { openQuota, type QuotaSpec } from './quota.ts';
import { openWorkshop } from './workshop.ts';

/** A small server, its limits, and what befalls it. */
export interface ServerSpec {
  readonly workers: number;
  /** Work of one request at full speed. */
  readonly serviceMs: number;
  /** Requests that may wait for a worker; further ones are answered 503. */
  readonly longestLine: number;
  /** Worker time that a rejection costs, as a share of `serviceMs`. */
  readonly rejectionShare: number;
  readonly quota: QuotaSpec;
  /** Each so many accepted requests, one hangs: it keeps its worker for `hangMs` and is never answered. */
  readonly hangEvery: number;
  readonly hangMs: number;
  readonly script: readonly Phase[];
  /** The script begins anew after so long. @default it is played once, and the server stays healthy */
  readonly repeatMs?: number;
}

/** What becomes of one request. */
export type Fate =
  | { readonly kind: 'served'; readonly inMs: number }
  | { readonly kind: 'hung'; readonly inMs: number }
  /** 503, the line is full. */
  | { readonly kind: 'shed' }
  /** 429, over the quota. */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  /** 503 from the proxy during the outage. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number }
  /** The connection is reset, unanswered. */
  | { readonly kind: 'reset'; readonly inMs: number };

/** Requests that the server completes in a span of time at full speed. */
export function capacityIn(spec: Pick<ServerSpec, 'workers' | 'serviceMs'>, spanMs: number): number {
  return (spec.workers * spanMs) / spec.serviceMs;
}

/** Decides the fate of each request from its arrival alone, in milliseconds since the start; arrivals never go back. */
export function createModel(spec: ServerSpec): (nowMs: number) => Fate {
  const workshop = openWorkshop(spec.workers, spec.longestLine);
  const isWithinQuota = openQuota(spec.quota);
  const rejectionMs = spec.serviceMs * spec.rejectionShare;
  let accepted = 0;

  const work = (nowMs: number, share: number): Fate => {
    if (!isWithinQuota(nowMs)) {
      workshop.waste(nowMs, rejectionMs / share);
      return { kind: 'throttled', retryAfterSeconds: spec.quota.retryAfterSeconds };
    }
    const hangs = (accepted + 1) % spec.hangEvery === 0;
    const doneAt = workshop.offer(nowMs, hangs ? spec.hangMs : spec.serviceMs / share);
    if (doneAt === undefined) {
      workshop.waste(nowMs, rejectionMs / share);
      return { kind: 'shed' };
    }
    accepted += 1;
    return { kind: hangs ? 'hung' : 'served', inMs: doneAt - nowMs };
  };

  return (nowMs) => {
    const scriptMs = nowMs % (spec.repeatMs ?? Number.POSITIVE_INFINITY);
    const phase = phaseAt(spec.script, scriptMs);
    if (phase.kind === 'frozen') return { kind: 'reset', inMs: phase.untilMs - scriptMs };
    if (phase.kind === 'unavailable') return { kind: 'unavailable', retryAfterSeconds: phase.retryAfterSeconds };
    return work(nowMs, phase.kind === 'recovering' ? phase.share : 1);
  };
}
