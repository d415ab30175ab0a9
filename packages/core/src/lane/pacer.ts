import type { Emitter } from '../monitor/emitter.ts';
import type { PacedEvent } from '../monitor/events.ts';
import type { Figures } from '../monitor/figures.ts';
import type { PaceSnapshot } from '../monitor/snapshot.ts';
import { Demand } from '../pace/demand.ts';
import { type Finding, hasLapsed, isFailure, type Pacing, paceAfter } from '../pace/pacing.ts';
import type { PaceRules } from '../policy/rules.ts';
import type { Gate } from './gate.ts';

/** The parts of a lane that its pace has to do with. */
interface PacedLane {
  readonly key: string;
  readonly gate: Gate;
  readonly figures: Figures;
  readonly events: Emitter;
}

/**
 * Keeps the pace of a lane. Dormant while the host is well, when it does no more than look at the clock once a call; from
 * the first sign of overload it lets the gate limit, until the host bears whatever is asked of it.
 */
export class Pacer {
  // One by one, for every lane has a pacer, and most never pace.
  readonly #key: string;
  readonly #gate: Gate;
  readonly #figures: Figures;
  readonly #events: Emitter;
  readonly #demand: Demand;
  /** Undefined where the policy has no pace. */
  #rules: PaceRules | undefined;
  /** Undefined while dormant. */
  #pacing: Pacing | undefined;

  constructor({ key, gate, figures, events }: PacedLane, rules: PaceRules | undefined, now: number) {
    this.#key = key;
    this.#gate = gate;
    this.#figures = figures;
    this.#events = events;
    this.#rules = rules;
    this.#demand = new Demand(now);
  }

  /** How bad the outcomes have been lately, from 0 to 1. */
  get badness(): number {
    return this.#pacing?.badness ?? 0;
  }

  /** A call arrives. */
  arrive(now: number): void {
    if (now >= this.#demand.dueAt) this.#demand.advance(this.#figures.calls, now);
    this.#figures.calls += 1;
  }

  /** An attempt has come to something while `queued` calls wait. */
  learn(finding: Finding, queued: number, now: number): void {
    const before = this.#pacing;
    if (this.#rules === undefined || (before === undefined && !isFailure(finding.evidence))) return;
    const demand = this.#demandPerSecond(now);
    const load = { demand, queued, inFlight: this.#gate.inFlight, attempts: this.#figures.attempts };
    this.#limit(paceAfter(before, finding, load, this.#rules.minPerSecond, now), finding.evidence, now);
    // A server that says when to come back has named the wait itself.
    const isCut = finding.evidence === 'throttled' && this.#pacing?.cutAt === now;
    if (isCut && finding.awayMs === 0) this.#gate.drain();
  }

  /** Forgets what nobody has put to the test for long; to be called while nobody waits. */
  lapse(now: number): void {
    if (this.#pacing === undefined || !hasLapsed(this.#pacing, now)) return;
    if (this.#gate.inFlight === 0 && this.#gate.holdMs(now) === 0) this.#limit(undefined, 'lapsed', now);
  }

  follow(rules: PaceRules | undefined, now: number): void {
    this.#rules = rules;
    if (rules === undefined && this.#pacing !== undefined) this.#limit(undefined, 'policy', now);
  }

  snapshot(now: number): PaceSnapshot | null {
    if (this.#pacing === undefined) return null;
    const { badness } = this.#pacing;
    return { ...limitsOf(this.#pacing), badness, demandPerSecond: this.#demandPerSecond(now) };
  }

  #demandPerSecond(now: number): number {
    return this.#demand.perSecond(this.#figures.calls, now);
  }

  #limit(pacing: Pacing | undefined, reason: PacedEvent['reason'], at: number): void {
    const before = this.#pacing;
    this.#pacing = pacing;
    this.#gate.pace(pacing, at);
    if (!this.#events.listening.paced) return;
    const { perSecond, inFlight } = limitsOf(pacing);
    const old = limitsOf(before);
    if (perSecond === old.perSecond && inFlight === old.inFlight) return;
    this.#events.emit({ type: 'paced', at, host: this.#key, reason, perSecond, inFlight });
  }
}

/** What holds, in whole attempts; null is unlimited. */
function limitsOf(pacing: Pacing): { readonly perSecond: number; readonly inFlight: number };
function limitsOf(pacing: Pacing | undefined): Pick<PacedEvent, 'perSecond' | 'inFlight'>;
function limitsOf(pacing: Pacing | undefined): Pick<PacedEvent, 'perSecond' | 'inFlight'> {
  if (pacing === undefined) return { perSecond: null, inFlight: null };
  return { perSecond: pacing.perSecond, inFlight: Math.floor(pacing.inFlight) };
}
