import type { LaneSnapshot } from '@paceline/core';
import type { Names } from './names.ts';

/** What the gauges tell of one host, or of all that share a name. Null is unlimited. */
export interface Reading {
  readonly queued: number;
  readonly backingOff: number;
  readonly inFlight: number;
  readonly tokens: number | null;
  readonly perSecond: number | null;
  /** Null also while the host is well. */
  readonly pacedPerSecond: number | null;
  readonly budget: number | null;
  readonly holdMs: number;
}

/** The state of all lanes, by the name of their host. Lanes that share a name are added up; of their holds, the longest. */
export function readingsOf(lanes: readonly LaneSnapshot[], hosts: Names): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const lane of lanes) {
    const host = hosts.of(lane.host);
    const reading = readingOf(lane);
    const others = readings.get(host);
    readings.set(host, others === undefined ? reading : together(others, reading));
  }
  return readings;
}

function readingOf({ queued, backingOff, inFlight, buckets, pace, budget, holdMs }: LaneSnapshot): Reading {
  // All rates have to agree, so the emptiest bucket says what may leave now, and the slowest rate what may in the long run.
  const tokens = least(buckets.map((bucket) => bucket.tokens));
  const perSecond = least(buckets.map((bucket) => bucket.perSecond));
  const pacedPerSecond = pace === null ? null : pace.perSecond;
  return { queued, backingOff, inFlight, tokens, perSecond, pacedPerSecond, budget, holdMs };
}

function together(one: Reading, other: Reading): Reading {
  return {
    queued: one.queued + other.queued,
    backingOff: one.backingOff + other.backingOff,
    inFlight: one.inFlight + other.inFlight,
    tokens: sum(one.tokens, other.tokens),
    perSecond: sum(one.perSecond, other.perSecond),
    pacedPerSecond: sum(one.pacedPerSecond, other.pacedPerSecond),
    budget: sum(one.budget, other.budget),
    holdMs: Math.max(one.holdMs, other.holdMs),
  };
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : one + other;
}
