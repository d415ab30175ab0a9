import { PACE } from './constants.ts';
import type { Evidence } from './evidence.ts';

/** What a host is thought to bear while it limits its lane; a lane without one is unlimited. */
export interface Pacing {
  /** Attempts per second. */
  readonly perSecond: number;
  /** Attempts in flight at once: a window that grows by fractions. */
  readonly inFlight: number;
  /** A moving average over the outcomes: 0 is all good, 1 all bad. */
  readonly badness: number;
  /** Attempts sent before this time say nothing about the limits as they are since. */
  readonly cutAt: number;
  /** Until when little more than the demand is sent: the server has asked for time. */
  readonly spareUntil: number;
  /** Since when the rate is at its ceiling and nothing fails; Infinity if that is not so. */
  readonly calmSince: number;
  /** Time of the last outcome. */
  readonly at: number;
}

/** One outcome, as far as the pace is concerned. */
export interface Finding {
  readonly evidence: Evidence;
  /** When the attempt was sent. */
  readonly sentAt: number;
  /** How long the server asked everybody to stay away, in milliseconds; 0 if it did not. */
  readonly awayMs: number;
}

/** What a lane has to do. */
export interface Load {
  /** Calls that arrive per second. */
  readonly demand: number;
  /** Calls waiting. */
  readonly queued: number;
  /** Attempts in flight, the one that the finding is about included. */
  readonly inFlight: number;
  /** All attempts so far. */
  readonly attempts: number;
}

/**
 * The pace after an outcome; undefined where nothing is limited. An outcome of a healthy host changes nothing, a failure
 * begins the limiting at the demand's ceiling, and from there every outcome moves rate and window.
 */
export function paceAfter(
  before: Pacing | undefined,
  finding: Finding,
  load: Load,
  minPerSecond: number,
  now: number,
): Pacing | undefined {
  if (before === undefined && !isFailure(finding.evidence)) return undefined;
  const floor = Math.max(minPerSecond, PACE.floorShare * load.demand);
  const from = before ?? beginning(ceilingOf(load));
  const spareUntil = sparedUntil(from, finding, now);
  const ceiling = Math.max(floor, now < spareUntil ? sparingCeilingOf(load) : ceilingOf(load));
  const after =
    finding.evidence === 'throttled' ? throttled(from, finding, now) : moved(from, finding, load, floor, now);
  const perSecond = Math.min(ceiling, Math.max(floor, after.perSecond));
  const isCalm = perSecond === ceiling && !isFailure(finding.evidence);
  const calmSince = isCalm ? Math.min(from.calmSince, now) : Infinity;
  if (now - calmSince >= PACE.calmMs && load.queued === 0) return undefined;
  // Whoever was told to stay away comes back one at a time.
  const inFlight = finding.awayMs > 0 ? 1 : after.inFlight;
  return { ...after, perSecond, inFlight, spareUntil, calmSince, at: now };
}

/** Whether what was learnt is too old to be of use. */
export function hasLapsed(pacing: Pacing, now: number): boolean {
  return now - pacing.at >= PACE.lapseMs;
}

export function isFailure(evidence: Evidence): boolean {
  return evidence === 'refused' || evidence === 'timed-out' || evidence === 'throttled';
}

/** More than this would be no limit: twice the demand, and who waits is gone within seconds. */
function ceilingOf({ demand, queued }: Load): number {
  return PACE.ceilingShare * demand + PACE.ceilingExtra + PACE.drainShare * queued;
}

/** As long again as the server asked for: whoever works off his backlog at once is told to stay away once more. */
function sparedUntil(from: Pacing, { evidence, awayMs }: Finding, now: number): number {
  return evidence === 'refused' && awayMs > 0 ? now + 2 * awayMs : from.spareUntil;
}

function sparingCeilingOf({ demand, queued }: Load): number {
  return demand + PACE.spareDrain * queued;
}

function beginning(perSecond: number): Pacing {
  return {
    perSecond,
    inFlight: PACE.firstWindow,
    badness: 0,
    cutAt: -Infinity,
    spareUntil: -Infinity,
    calmSince: Infinity,
    at: -Infinity,
  };
}

/** A quota says nothing about load: only the rate is cut, once for all attempts that were under way. */
function throttled(from: Pacing, { sentAt }: Finding, now: number): Pacing {
  return sentAt < from.cutAt ? from : { ...from, perSecond: from.perSecond * PACE.throttleCut, cutAt: now };
}

function moved(from: Pacing, { evidence, sentAt }: Finding, load: Load, floor: number, now: number): Pacing {
  const badness = badnessAfter(from, evidence, load, floor);
  const perSecond = from.perSecond + stepOf(from.perSecond, badness, evidence, load);
  if (evidence === 'answered') return { ...from, badness, perSecond, inFlight: widened(from.inFlight, load) };
  const cuts = evidence !== 'slow' && badness >= PACE.target / 2 && sentAt >= from.cutAt;
  if (!cuts) return { ...from, badness, perSecond };
  const inFlight = Math.max(1, Math.min(from.inFlight, load.inFlight) * PACE.windowCut);
  return { ...from, badness, perSecond, inFlight, cutAt: now };
}

/** Good outcomes weigh more than bad ones, so that errors which have nothing to do with load do not stop a lane. */
function badnessAfter({ badness, perSecond }: Pacing, evidence: Evidence, load: Load, floor: number): number {
  if (evidence === 'slow') return badness + PACE.goodGain * (PACE.target - badness);
  // Of the very first outcomes each weighs as much as all before.
  if (evidence !== 'answered') return badness + Math.max(PACE.badGain, 1 / load.attempts) * (1 - badness);
  const better = badness - PACE.goodGain * badness;
  // At the floor outcomes are rare: the first good one after an outage has to be enough for a start.
  return perSecond <= 1.5 * floor ? Math.min(better, PACE.target / 2) : better;
}

/** Up to a whole step up, without bound down; only a prompt answer shows that there is room for more. */
function stepOf(perSecond: number, badness: number, evidence: Evidence, { demand }: Load): number {
  const step = PACE.step * (1 - (badness / PACE.target) ** 2);
  if (step <= 0) return step;
  if (evidence !== 'answered') return 0;
  return perSecond < demand / 2 ? step * PACE.catchUp : step;
}

/** By one a round trip, and only where the window is what limits. */
function widened(window: number, { inFlight }: Load): number {
  return inFlight * 2 >= window ? window + 1 / window : window;
}
