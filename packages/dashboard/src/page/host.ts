import type { HostView } from '../wire/views.ts';
import { Speed } from './speed.ts';
import { type Point, Trace } from './timeline.ts';

/** One host: its latest view, and what follows from those before. */
export class Host {
  view: HostView;
  /** When that came, by the page's own clock, in milliseconds. */
  #seenAt: number;
  readonly #attempts = new Speed();
  readonly #retries = new Speed();
  readonly #refusals = new Speed();
  #trace: Trace | undefined;

  constructor(view: HostView, now: number) {
    this.view = view;
    this.#seenAt = now;
  }

  /** Undefined as long as nothing has happened. */
  get trace(): Trace | undefined {
    return this.#trace;
  }

  get attemptsPerSecond(): number {
    return this.#attempts.perSecond;
  }

  get retriesPerSecond(): number {
    return this.#retries.perSecond;
  }

  get refusalsPerSecond(): number {
    return this.#refusals.perSecond;
  }

  /** Attempts a second that the policy allows: the tightest of its rates. Null is unlimited. */
  get allowedPerSecond(): number | null {
    const rates = this.view.buckets.map(({ perSecond }) => perSecond);
    return rates.length === 0 ? null : Math.min(...rates);
  }

  /** Tokens of the emptiest bucket. */
  get tokens(): number | null {
    const tokens = this.view.buckets.map((bucket) => bucket.tokens);
    return tokens.length === 0 ? null : Math.min(...tokens);
  }

  get refused(): number {
    return sum(this.view.counters.refused);
  }

  see(view: HostView, now: number): void {
    this.view = view;
    this.#seenAt = now;
  }

  /** What is left of a hold, counted down between two views. */
  holdMs(now: number): number {
    return this.view.holdMs === 0 ? 0 : Math.max(0, this.view.holdMs - (now - this.#seenAt));
  }

  /** Takes a sample at a place of the timeline; `at` is the engine's time. */
  sample(place: number, at: number): void {
    const { counters } = this.view;
    this.#attempts.read(counters.attempts, at);
    this.#retries.read(sum(counters.retries), at);
    this.#refusals.read(this.refused, at);
    if (this.#trace === undefined && !this.#isBusy) return;
    this.#trace ??= new Trace();
    this.#trace.put(place, this.#point());
  }

  /** Nobody took a sample for a while. */
  gap(place: number): void {
    this.#trace?.put(place, undefined);
  }

  get #isBusy(): boolean {
    const { queued, inFlight, backingOff } = this.view;
    return this.attemptsPerSecond > 0 || queued + inFlight + backingOff > 0;
  }

  #point(): Point {
    const { queued, inFlight, backingOff, latency, wait } = this.view;
    return {
      rate: this.attemptsPerSecond,
      allowed: this.allowedPerSecond,
      retries: this.retriesPerSecond,
      queued,
      inFlight,
      backingOff,
      p50: latency.p50,
      p99: latency.p99,
      wait: wait.p90,
    };
  }
}

function sum(counts: Readonly<Partial<Record<string, number>>>): number {
  return Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0);
}
