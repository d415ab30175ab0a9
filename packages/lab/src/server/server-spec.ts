/** A server by its numbers. */
export interface ServerSpec {
  /** Requests served at once. */
  readonly workers: number;
  /** Mean time of one request at full speed, in milliseconds. */
  readonly serviceMs: number;
  /** Coefficient of variation of that time: 0 is constant, 1 exponential. */
  readonly cv: number;
  /** Requests that may wait for a worker, first come, first served; a further one is answered 503. `null` is no bound. */
  readonly queueLength: number | null;
  /** Worker time that any answer without the work costs (503, 429), as a share of `serviceMs`. */
  readonly rejectionShare: number;
  /** Whether work is done for a client that has given up waiting; most servers do not notice. */
  readonly abandonedWork: 'done' | 'skipped';
  /** Retry-After of a 503, in seconds. */
  readonly retryAfterS?: number;
  readonly quota?: QuotaSpec;
}

/** What the server allows its clients, apart from what it could serve. Over it: 429. */
export interface QuotaSpec {
  /** `fixed-window`: `limit` requests in each window of `perMs`. `token-bucket`: the same rate, refilled continuously, and `burst` at once. */
  readonly kind: 'fixed-window' | 'token-bucket';
  readonly limit: number;
  readonly perMs: number;
  /** Of a token bucket. */
  readonly burst?: number;
  /** What a client is told: Retry-After with the 429, a RateLimit header with every answer, or nothing but the 429. */
  readonly hint: 'none' | 'retry-after' | 'rate-limit';
}

/** What befalls the server, or its clients, for a while. Unset is as always. */
export interface Phase {
  readonly fromMs: number;
  readonly toMs: number;
  /** Share of the workers that is left. */
  readonly workers?: number;
  /** Share of its full speed; with two, from the first to the second over the phase. */
  readonly speed?: number | readonly [number, number];
  /** Connections are refused: the client knows at once that nothing was sent. */
  readonly refuses?: true;
  /** Connections are taken and nothing is answered; at the end of the phase all of them are reset, as by a restart. */
  readonly freezes?: true;
  /** Somebody in front of the server answers 503 in its place. */
  readonly unavailable?: true;
  /** Share of the attempts that is never answered, nor worked on. */
  readonly silence?: number;
  /** Share of the attempts that is answered 503, whatever the load. */
  readonly errors?: number;
  /** Calls that arrive, as a multiple of the usual. */
  readonly load?: number;
}

/** The phase of a time; undefined where all is as always. Phases do not overlap. */
export function phaseAt(phases: readonly Phase[], now: number): Phase | undefined {
  return phases.find((phase) => now >= phase.fromMs && now < phase.toMs);
}

/** Workers that are there. */
export function workersAt(spec: ServerSpec, phases: readonly Phase[], now: number): number {
  return Math.round(spec.workers * (phaseAt(phases, now)?.workers ?? 1));
}

/** Share of full speed. */
export function speedAt(phases: readonly Phase[], now: number): number {
  const phase = phaseAt(phases, now);
  const speed = phase?.speed ?? 1;
  if (phase === undefined || typeof speed === 'number') return speed as number;
  const [from, to] = speed;
  return from + ((to - from) * (now - phase.fromMs)) / (phase.toMs - phase.fromMs);
}

/** Requests per second that the server could serve at a time: none while it cannot be reached. */
export function capacityAt(spec: ServerSpec, phases: readonly Phase[], now: number): number {
  const phase = phaseAt(phases, now);
  if (phase?.refuses || phase?.unavailable || phase?.freezes || phase?.silence === 1) return 0;
  return (workersAt(spec, phases, now) * speedAt(phases, now) * 1000) / spec.serviceMs;
}

/** Requests per second that the server serves when all is well. */
export function nominalCapacity(spec: ServerSpec): number {
  return (spec.workers * 1000) / spec.serviceMs;
}

/** Requests per second that the server takes at a time: what it can serve, and what its quota lets through on average. */
export function allowedAt(spec: ServerSpec, phases: readonly Phase[], now: number): number {
  return Math.min(capacityAt(spec, phases, now), quotaRate(spec));
}

/** Requests per second that the server takes when all is well. */
export function nominalAllowed(spec: ServerSpec): number {
  return Math.min(nominalCapacity(spec), quotaRate(spec));
}

function quotaRate({ quota }: ServerSpec): number {
  return quota === undefined ? Infinity : (quota.limit * 1000) / quota.perMs;
}
