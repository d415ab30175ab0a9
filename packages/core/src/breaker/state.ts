import type { BreakerRules } from '../policy/rules.ts';
import type { BreakerReason, BreakerStateName } from './reasons.ts';

/**
 * Where a breaker is, and what it needs to know there. `trips` counts how often it opened without a quiet time in
 * between: each makes the next open time longer.
 */
export type BreakerState = Closed | Open | Probing | Checking;

interface Closed {
  readonly name: Extract<BreakerStateName, 'closed'>;
  readonly trips: number;
  /** When the trips are forgotten. */
  readonly calmAt: number;
}

interface Open {
  readonly name: Extract<BreakerStateName, 'open'>;
  readonly trips: number;
  /** Infinity is until somebody closes it. */
  readonly until: number;
}

/** Half open: some attempts are let through. */
interface Probing {
  readonly name: Extract<BreakerStateName, 'half-open'>;
  readonly by: 'probes';
  readonly trips: number;
  /** When probes that have not come back are given up, and others may leave. */
  readonly until: number;
  readonly inFlight: number;
  readonly succeeded: number;
}

/** Half open: the user's own check is under way. */
interface Checking {
  readonly name: Extract<BreakerStateName, 'half-open'>;
  readonly by: 'check';
  readonly trips: number;
  /** When the check has taken too long. */
  readonly until: number;
}

/** What may take a breaker to another state: the reason that its event tells. */
export type TurnSignal =
  | { readonly type: Exclude<BreakerReason, 'open-time-over' | 'manual'> }
  | { readonly type: Extract<BreakerReason, 'open-time-over'>; readonly by: 'probes' | 'check' }
  | { readonly type: Extract<BreakerReason, 'manual'>; readonly openForMs: number | undefined };

/** What happens to the probes of a breaker that stays half open. */
export interface ProbeSignal {
  readonly type: 'probe-sent' | 'probe-returned' | 'probe-overdue';
}

/** What a transition depends on beside the state and the signal. */
export interface Circumstances {
  readonly rules: BreakerRules;
  readonly now: number;
  readonly random: () => number;
}

export const NEW: BreakerState = { name: 'closed', trips: 0, calmAt: -Infinity };

/** Many processes that saw one outage would all try at once; up to this share of the open time is added at random. */
const JITTER_SHARE = 0.25;

/** The state after `signal`; the very same where it means nothing there. Pure but for the dice. */
export function transition(state: BreakerState, signal: TurnSignal | ProbeSignal, around: Circumstances): BreakerState {
  switch (signal.type) {
    case 'consecutive-failures':
    case 'failure-ratio':
      return state.name === 'closed' ? tripped(tripsIn(state, around.now), around) : state;
    case 'open-time-over':
      return state.name === 'open' ? halfOpen(signal.by, state.trips, around) : state;
    case 'check-passed':
      return isChecking(state) ? closedAgain(state.trips, around) : state;
    case 'check-failed':
      return isChecking(state) ? tripped(state.trips, around) : state;
    case 'manual':
      return signal.openForMs === undefined ? NEW : openedFor(signal.openForMs, state, around);
    case 'policy':
      return NEW;
    default:
      return isProbing(state) ? afterProbe(state, signal.type, around) : state;
  }
}

/** The open time after so many trips in a row, without jitter. */
export function openMsOf(trips: number, { openMs, maxOpenMs }: BreakerRules): number {
  return Math.min(maxOpenMs, openMs * 2 ** Math.max(0, trips - 1));
}

/** Milliseconds until something can leave, or the state changes by itself; 0 is now. */
export function waitMsOf(state: BreakerState, rules: BreakerRules, now: number): number {
  if (state.name === 'closed') return 0;
  // No more probes than it takes to close, so that what they tell is worth what they risk.
  if (isProbing(state) && state.inFlight + state.succeeded < rules.probes) return 0;
  return Math.max(0, state.until - now);
}

/** When a new breaker in its place would do: nobody asked for the host in all the time that the trips are remembered. */
export function forgottenAt(state: BreakerState, rules: BreakerRules): number {
  return state.name === 'closed' ? state.calmAt : state.until + openMsOf(state.trips, rules);
}

function isProbing(state: BreakerState): state is Probing {
  return state.name === 'half-open' && state.by === 'probes';
}

function isChecking(state: BreakerState): state is Checking {
  return state.name === 'half-open' && state.by === 'check';
}

function afterProbe(
  state: Probing,
  what: ProbeSignal['type'] | 'probe-succeeded' | 'probe-failed',
  around: Circumstances,
): BreakerState {
  const { trips, inFlight, succeeded } = state;
  switch (what) {
    case 'probe-sent':
      return { ...state, inFlight: inFlight + 1 };
    case 'probe-returned':
      return { ...state, inFlight: inFlight - 1 };
    case 'probe-overdue':
      return halfOpen('probes', trips, around);
    case 'probe-succeeded':
      if (succeeded + 1 >= around.rules.probes) return closedAgain(trips, around);
      return { ...state, inFlight: inFlight - 1, succeeded: succeeded + 1 };
    case 'probe-failed':
      return tripped(trips, around);
  }
}

/** The trips that still count. */
function tripsIn({ trips, calmAt }: Closed, now: number): number {
  return now < calmAt ? trips : 0;
}

function openedFor(ms: number, state: BreakerState, { now }: Circumstances): Open {
  return { name: 'open', trips: state.name === 'closed' ? tripsIn(state, now) : state.trips, until: now + ms };
}

function tripped(tripsBefore: number, { rules, now, random }: Circumstances): Open {
  const trips = tripsBefore + 1;
  return { name: 'open', trips, until: now + openMsOf(trips, rules) * (1 + JITTER_SHARE * random()) };
}

/** Trying out may take as long as the open time before it. */
function halfOpen(by: 'probes' | 'check', trips: number, { rules, now }: Circumstances): Probing | Checking {
  const until = now + openMsOf(trips, rules);
  return by === 'check'
    ? { name: 'half-open', by, trips, until }
    : { name: 'half-open', by, trips, until, inFlight: 0, succeeded: 0 };
}

/** A host that fails again within its last open time was not well: its trips count on. */
function closedAgain(trips: number, { rules, now }: Circumstances): Closed {
  return { name: 'closed', trips, calmAt: now + openMsOf(trips, rules) };
}
