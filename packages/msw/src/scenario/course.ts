import { fullQuota, type QuotaState, type QuotaView, takeFromQuota } from '../quota/quota.ts';
import { LUCK_OF, luck } from './luck.ts';
import type { Reply, ScenarioRules, SlowRules } from './rules.ts';

/** The parts of a scenario that give answers. */
export type Part = 'outages' | 'first' | 'firstOfEachCall' | 'quota' | 'errors';

/** What the scenario does with one request. Without a `part` it has nothing to say, beyond a delay. */
export interface Verdict {
  readonly part: Part | undefined;
  readonly reply: Reply | undefined;
  readonly delayMs: number;
  /** Set where the quota was asked. */
  readonly quota: QuotaView | undefined;
}

const OVER_QUOTA: Reply = { kind: 'answer', status: 429, headers: {}, body: null };

/**
 * A scenario while it runs. The parts are asked in the order of `Part`; the first with an answer gives it, and those
 * behind it do not see the request.
 */
export class Course {
  readonly #rules: ScenarioRules;
  readonly #startedAt: number;
  readonly #ofCall = new Map<string, number>();
  #requests = 0;
  #first = 0;
  #quota: QuotaState | undefined;

  constructor(rules: ScenarioRules, now: number) {
    this.#rules = rules;
    this.#startedAt = now;
    this.#quota = rules.quota && fullQuota(rules.quota, now);
  }

  next(call: string, now: number): Verdict {
    const index = this.#requests;
    this.#requests += 1;
    return (
      this.#atOnce('outages', this.#outage(now - this.#startedAt)) ??
      this.#atOnce('first', this.#nextOfFirst()) ??
      this.#atOnce('firstOfEachCall', this.#nextOf(call)) ??
      this.#byQuotaAndLuck(index, now)
    );
  }

  #atOnce(part: Part, reply: Reply | undefined): Verdict | undefined {
    return reply && { part, reply, delayMs: 0, quota: undefined };
  }

  #outage(sinceStart: number): Reply | undefined {
    return this.#rules.outages.find(({ fromMs, toMs }) => fromMs <= sinceStart && sinceStart < toMs)?.reply;
  }

  #nextOfFirst(): Reply | undefined {
    this.#first += 1;
    return this.#rules.first[this.#first - 1];
  }

  #nextOf(call: string): Reply | undefined {
    if (this.#rules.firstOfEachCall.length === 0) return undefined;
    const seen = this.#ofCall.get(call) ?? 0;
    this.#ofCall.set(call, seen + 1);
    return this.#rules.firstOfEachCall[seen];
  }

  #byQuotaAndLuck(index: number, now: number): Verdict {
    const { errors, seed, slow } = this.#rules;
    const quota = this.#take(now);
    if (quota?.admitted === false) return { part: 'quota', reply: OVER_QUOTA, delayMs: 0, quota };
    const delayMs = delayOf(slow, seed, index);
    return luck(seed, LUCK_OF.errors, index) < errors.share
      ? { part: 'errors', reply: errors.reply, delayMs, quota }
      : { part: undefined, reply: undefined, delayMs, quota };
  }

  #take(now: number): QuotaView | undefined {
    if (this.#rules.quota === undefined || this.#quota === undefined) return undefined;
    const { state, view } = takeFromQuota(this.#rules.quota, this.#quota, now);
    this.#quota = state;
    return view;
  }
}

function delayOf({ minMs, maxMs, share }: SlowRules, seed: number, index: number): number {
  if (luck(seed, LUCK_OF.slow, index) >= share) return 0;
  return minMs + luck(seed, LUCK_OF.delay, index) * (maxMs - minMs);
}
