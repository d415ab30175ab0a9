/** The numbers of the pace; what halving and doubling each of them does is in docs/pace.md. */
export const PACE: Readonly<Record<PaceConstant, number>> = {
  target: 0.6,
  goodGain: 0.4,
  badGain: 0.2,
  step: 0.5,
  catchUp: 6,
  ceilingShare: 2,
  ceilingExtra: 1,
  drainShare: 0.5,
  spareDrain: 0.025,
  floorShare: 0.1,
  burstMs: 200,
  firstWindow: 32,
  windowCut: 0.5,
  throttleCut: 0.5,
  slowShare: 0.5,
  calmMs: 3_000,
  lapseMs: 10_000,
  patienceShare: 0.1,
  stretch: 10,
};

export type PaceConstant =
  /** Badness at which the rate neither rises nor falls; at half of it failures begin to cut the window. */
  | 'target'
  /** Weight of a good outcome in the badness. */
  | 'goodGain'
  /** Weight of a bad one. */
  | 'badGain'
  /** Attempts per second that one good outcome adds. */
  | 'step'
  /** How many times that much while the rate is under half the demand. */
  | 'catchUp'
  /** The rate never exceeds this many times the demand, … */
  | 'ceilingShare'
  /** … and this many attempts per second more, … */
  | 'ceilingExtra'
  /** … and this share of those who wait, each second. */
  | 'drainShare'
  /** The same share after a server has asked for time. */
  | 'spareDrain'
  /** The rate never falls below this share of the demand. */
  | 'floorShare'
  /** So much of the rate may leave at once, in milliseconds. */
  | 'burstMs'
  /** Attempts in flight when the limiting begins. */
  | 'firstWindow'
  /** What a failure leaves of the window. */
  | 'windowCut'
  /** What a 429 leaves of the rate. */
  | 'throttleCut'
  /** An answer that took more than this share of its time is slow. */
  | 'slowShare'
  /** The limiting ends after so long at the ceiling without a failure, in milliseconds. */
  | 'calmMs'
  /** What was learnt lapses when nothing was heard for so long, in milliseconds. */
  | 'lapseMs'
  /** After this share of a call's patience the line goes newest first. */
  | 'patienceShare'
  /** How much longer the default backoff is when all is bad. */
  | 'stretch';
