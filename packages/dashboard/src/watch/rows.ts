import type { LaneSnapshot, Snapshot } from '@paceline/core';

/** What a terminal shows of one host. Null is unlimited, or not known yet. Times are in milliseconds. */
export interface Row {
  readonly host: string;
  /** Attempts a second since the last look. */
  readonly perSecond: number | null;
  /** What the slowest rate of the policy allows, or the pace if that is slower. */
  readonly allowed: number | null;
  readonly queued: number;
  readonly inFlight: number;
  /** In the emptiest bucket. */
  readonly tokens: number | null;
  readonly retries: number;
  readonly refusals: number;
  readonly holdMs: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly attempts: number;
}

/** Makes rows of snapshots; rates are counted from one to the next. */
export class Rows {
  #at = 0;
  #attempts: ReadonlyMap<string, number> = new Map();

  /** The hosts of a snapshot, those with the most attempts first. */
  of({ at, lanes }: Snapshot): readonly Row[] {
    const seconds = (at - this.#at) / 1_000;
    const rows = lanes.map((lane) => rowOf(lane, this.#perSecond(lane, seconds)));
    this.#at = at;
    this.#attempts = new Map(lanes.map(({ host, counters }) => [host, counters.attempts]));
    return rows.sort((one, other) => other.attempts - one.attempts);
  }

  /** An engine that started anew, or a lane that did, has not counted as far as the last look saw. */
  #perSecond({ host, counters }: LaneSnapshot, seconds: number): number | null {
    const before = this.#attempts.get(host);
    if (before === undefined || before > counters.attempts || seconds <= 0) return null;
    return (counters.attempts - before) / seconds;
  }
}

function rowOf(lane: LaneSnapshot, perSecond: number | null): Row {
  const { host, queued, inFlight, buckets, pace, holdMs, counters, latency } = lane;
  const rates = [...buckets, ...(pace === null ? [] : [pace])];
  return {
    host: printable(host),
    perSecond,
    allowed: least(rates.map((rate) => rate.perSecond)),
    queued,
    inFlight,
    tokens: least(buckets.map((bucket) => bucket.tokens)),
    retries: sum(counters.retries),
    refusals: sum(counters.refused),
    holdMs,
    p50: latency.p50,
    p99: latency.p99,
    attempts: counters.attempts,
  };
}

/** A key of the application's own may hold anything, also what would move the cursor. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}');
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

function sum(counts: Readonly<Partial<Record<string, number>>>): number {
  return Object.values(counts).reduce<number>((total, count = 0) => total + count, 0);
}
