import type { EventLoop } from '../sim/event-loop.ts';
import { gammaOf, type Random } from '../sim/random.ts';
import { openQuota, type Verdict } from './quota.ts';
import { type Phase, phaseAt, type ServerSpec, speedAt, workersAt } from './server-spec.ts';

/** An attempt as the server sees it. */
export interface Request {
  /** Whether the client still waits. */
  isWanted(): boolean;
  /** Called once, or never where the server is silent. */
  answer(reply: Reply): void;
}

/** What the server sends back. */
export type Reply =
  | { readonly kind: 'refused' | 'reset' }
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** Worker time, in milliseconds of the whole run. */
export interface WorkDone {
  /** Answers that somebody waited for. */
  useful: number;
  /** Whole answers for clients that had given up. */
  abandoned: number;
  /** Turning requests away. */
  rejections: number;
}

/** Told of what the server does, as it does it. */
export interface ServerObserver {
  /** A request was worked on to its end. */
  served(now: number): void;
  /** Requests that wait for a worker, whenever that changes. */
  queued(length: number, now: number): void;
}

const REFUSED: Reply = { kind: 'refused' };
const RESET: Reply = { kind: 'reset' };
const OK = 200;
const TOO_MANY = 429;
const UNAVAILABLE = 503;

/** A pool of workers behind a line, a quota before them, and what befalls both. */
export class Server {
  readonly work: WorkDone = { useful: 0, abandoned: 0, rejections: 0 };
  readonly #spec: ServerSpec;
  readonly #phases: readonly Phase[];
  readonly #loop: EventLoop;
  readonly #random: Random;
  readonly #observer: ServerObserver;
  readonly #quota: ((now: number) => Verdict) | undefined;
  readonly #line: { readonly request: Request; readonly headers: Verdict['headers'] }[] = [];
  #lineStart = 0;
  #busy = 0;
  /** Worker time spent on rejections that no worker has paid yet. */
  #owedMs = 0;

  constructor(spec: ServerSpec, phases: readonly Phase[], loop: EventLoop, random: Random, observer: ServerObserver) {
    this.#spec = spec;
    this.#phases = phases;
    this.#loop = loop;
    this.#random = random;
    this.#observer = observer;
    this.#quota = spec.quota === undefined ? undefined : openQuota(spec.quota);
    // Whoever waits for a worker does not wait for the next arrival when the workers come back.
    for (const { toMs } of phases) loop.quietlyAt(toMs, () => this.#startWaiting());
  }

  /** A request arrives. */
  receive(request: Request): void {
    const now = this.#loop.now;
    const phase = phaseAt(this.#phases, now);
    const isHit = (share = 0): boolean => share > 0 && this.#random() < share;
    if (isHit(phase?.silence)) return;
    if (phase?.refuses) request.answer(REFUSED);
    else if (phase?.freezes) this.#loop.quietlyAt(phase.toMs, () => request.answer(RESET));
    else if (phase?.unavailable) request.answer(this.#unavailable());
    else if (isHit(phase?.errors)) this.#reject(request, this.#unavailable());
    else this.#admit(request, now);
  }

  #admit(request: Request, now: number): void {
    const verdict = this.#quota?.(now);
    const headers = verdict?.headers ?? {};
    if (verdict?.allowed === false) {
      this.#reject(request, { kind: 'answered', status: TOO_MANY, headers });
    } else if (this.#busy < workersAt(this.#spec, this.#phases, now)) {
      this.#start(request, headers);
    } else if (this.#waiting < (this.#spec.queueLength ?? Infinity)) {
      this.#line.push({ request, headers });
      this.#observer.queued(this.#waiting, now);
    } else {
      this.#reject(request, this.#unavailable());
    }
  }

  get #waiting(): number {
    return this.#line.length - this.#lineStart;
  }

  #unavailable(): Reply {
    const { retryAfterS } = this.#spec;
    const headers: Readonly<Record<string, string>> =
      retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
    return { kind: 'answered', status: UNAVAILABLE, headers };
  }

  #reject(request: Request, reply: Reply): void {
    const costMs = this.#spec.rejectionShare * this.#spec.serviceMs;
    this.#owedMs += costMs;
    this.work.rejections += costMs;
    request.answer(reply);
  }

  #start(request: Request, headers: Verdict['headers']): void {
    this.#busy += 1;
    const now = this.#loop.now;
    const workMs = gammaOf(this.#spec.serviceMs, this.#spec.cv, this.#random);
    // One request delays the worker by no more than its own time again, however many were turned away meanwhile.
    const paidMs = Math.min(this.#owedMs, this.#spec.serviceMs);
    this.#owedMs -= paidMs;
    const doneAt = now + (workMs + paidMs) / speedAt(this.#phases, now);
    this.#loop.quietlyAt(doneAt, () => this.#finish(request, headers, workMs));
  }

  #finish(request: Request, headers: Verdict['headers'], workMs: number): void {
    this.#busy -= 1;
    if (request.isWanted()) this.work.useful += workMs;
    else this.work.abandoned += workMs;
    this.#observer.served(this.#loop.now);
    request.answer({ kind: 'answered', status: OK, headers });
    this.#startWaiting();
  }

  #startWaiting(): void {
    const workers = workersAt(this.#spec, this.#phases, this.#loop.now);
    while (this.#waiting > 0 && this.#busy < workers) {
      const next = this.#line[this.#lineStart];
      this.#lineStart += 1;
      if (next === undefined) continue;
      if (this.#spec.abandonedWork === 'done' || next.request.isWanted()) this.#start(next.request, next.headers);
    }
    if (this.#lineStart > 1_000 && this.#lineStart * 2 > this.#line.length) {
      this.#line.splice(0, this.#lineStart);
      this.#lineStart = 0;
    }
    this.#observer.queued(this.#waiting, this.#loop.now);
  }
}
