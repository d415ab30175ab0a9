import { type Bucket, carryOver, refill, giveBack as returnTo, waitFor } from '../lane/bucket.ts';
import type { OnOutage, PaceStore, StoreAsk, StoreGrant, StoreRate, StoreReturn } from '../store/pace-store.ts';
import type { Clock } from '../time/clock.ts';

/** A process that was not heard of for so long does not count any more. */
const ALIVE_MS = 10_000;

/** One process's part of a lane. */
interface Holder {
  /** Spare tokens that it has and did not spend. */
  kept: number;
  /** When it will have spent or returned them. */
  keptUntil: number;
  /** Tokens that it asked for last. */
  wanted: number;
  askedAt: number;
}

interface SharedLane {
  rates: readonly StoreRate[];
  buckets: readonly Bucket[];
  readonly holders: Map<string, Holder>;
  heldUntil: number;
  released: number;
}

/**
 * A `PaceStore` in this process's memory: for tests and simulations of a fleet, with several engines on one clock. It
 * grants what `@paceline/redis` grants, and never forgets a lane.
 *
 * @example
 * ```ts
 * import { createPaceline, perSecond } from '@paceline/core';
 * import { memoryStore, virtualClock } from '@paceline/core/testing';
 *
 * const clock = virtualClock();
 * const store = memoryStore({ clock });
 * const fleet = [1, 2, 3].map(() => createPaceline({ clock, store, defaults: { rate: perSecond(10) } }));
 * ```
 */
export function memoryStore(options: {
  /** Whose `now` all engines of the fleet go by. */
  readonly clock: Pick<Clock, 'now'>;
  readonly onOutage?: OnOutage;
  readonly timeoutMs?: number;
}): PaceStore {
  const { clock, onOutage = 'local', timeoutMs = 250 } = options;
  const lanes = new Map<string, SharedLane>();

  const laneOf = (key: string): SharedLane => {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane: SharedLane = { rates: [], buckets: [], holders: new Map(), heldUntil: -Infinity, released: 0 };
    lanes.set(key, lane);
    return lane;
  };

  return {
    onOutage,
    timeoutMs,
    async take(key, ask) {
      return take(laneOf(key), ask, clock.now());
    },
    async giveBack(key, rest) {
      giveBack(laneOf(key), rest, clock.now());
    },
    async hold(key, ms) {
      const lane = laneOf(key);
      lane.heldUntil = Math.max(lane.heldUntil, clock.now() + ms);
    },
    async release(key) {
      const lane = laneOf(key);
      lane.heldUntil = -Infinity;
      lane.released += 1;
    },
  };
}

function take(lane: SharedLane, ask: StoreAsk, now: number): StoreGrant {
  bringUp(lane, now);
  follow(lane, ask, now);
  const holder = { kept: ask.kept, keptUntil: Infinity, wanted: ask.waiting + ask.spare, askedAt: now };
  lane.holders.set(ask.holder, holder);
  settle(lane, ask);
  const holdMs = Math.max(0, lane.heldUntil - now);
  const levels = lane.buckets.map(({ tokens }) => tokens);
  const tokens = holdMs > 0 || levels.length === 0 ? 0 : grantable(lane, ask, now);
  for (const bucket of lane.buckets) bucket.tokens -= tokens;
  holder.kept += Math.max(0, tokens - ask.waiting);
  holder.keptUntil = now + 2 * ask.leaseMs + promisedMs(lane);
  return { tokens, levels, processes: lane.holders.size, holdMs, released: lane.released };
}

function giveBack(lane: SharedLane, { holder, tokens, kept, leaves }: StoreReturn, now: number): void {
  bringUp(lane, now);
  const known = lane.holders.get(holder);
  if (known !== undefined) known.kept = kept;
  if (leaves) lane.holders.delete(holder);
  settle(lane, { returned: tokens, levels: undefined, isOverdrawn: false });
}

/** Refills the buckets. What is kept somewhere counts as if it were in them: together they never exceed the burst. */
function bringUp(lane: SharedLane, now: number): void {
  for (const [name, holder] of lane.holders) {
    if (holder.keptUntil <= now) holder.kept = 0;
    if (holder.askedAt + ALIVE_MS <= now && holder.kept === 0) lane.holders.delete(name);
  }
  for (const [bucket, rate] of pairs(lane)) refill(bucket, rate, now);
}

/** Takes over the rates of the ask. A lane that is new, or was lost, begins with what the asking process last saw. */
function follow(lane: SharedLane, { rates, levels }: StoreAsk, now: number): void {
  const isNew = lane.buckets.length === 0;
  const before = isNew ? levels?.map((tokens) => ({ tokens, at: now })) : lane.buckets;
  lane.buckets = rates.map((rate, index) => carryOver(before?.[index], rate, now));
  lane.rates = rates;
}

function settle(
  lane: SharedLane,
  { returned, levels, isOverdrawn }: Pick<StoreAsk, 'returned' | 'levels' | 'isOverdrawn'>,
): void {
  for (const [index, [bucket, rate]] of pairs(lane).entries()) {
    if (isOverdrawn) bucket.tokens = Math.min(bucket.tokens, levels?.[index] ?? Infinity);
    returnTo(bucket, rate, returned);
  }
}

/** Each bucket, with room for what is not kept somewhere. */
function pairs(lane: SharedLane): (readonly [bucket: Bucket, rate: StoreRate])[] {
  const kept = [...lane.holders.values()].reduce((sum, holder) => sum + holder.kept, 0);
  return lane.buckets.flatMap((bucket, index) => {
    const rate = lane.rates[index];
    return rate === undefined ? [] : [[bucket, { ...rate, burst: rate.burst - kept }] as const];
  });
}

/**
 * What the asking process gets. Its share of what is there and of what will be within the horizon is an equal one, or
 * all that the others do not want. Beyond that only what its first call needs.
 */
function grantable(lane: SharedLane, ask: StoreAsk, now: number): number {
  const level = Math.min(...lane.buckets.map(({ tokens }) => Math.max(0, tokens)));
  const ahead = Math.min(
    ...pairs(lane).map(([{ tokens }, rate]) => Math.max(0, tokens) + rate.tokensPerMs * ask.horizonMs),
  );
  const askers = [...lane.holders.values()].filter(({ askedAt }) => askedAt > now - ask.leaseMs);
  const wantedByOthers = askers.reduce((sum, { wanted }) => sum + wanted, 0) - ask.waiting - ask.spare;
  const share = Math.max(ahead / askers.length, ahead - wantedByOthers);
  const turns = Math.min(ask.waiting, Math.max(ask.least, share));
  const spare = Math.max(0, Math.min(ask.spare, (level - turns) / 2, share - turns));
  return ask.least + Math.floor(turns + spare - ask.least);
}

/** Milliseconds until all that was promised is there. */
function promisedMs(lane: SharedLane): number {
  return lane.buckets.reduce((ms, bucket, index) => {
    const rate = lane.rates[index];
    return rate === undefined ? ms : Math.max(ms, waitFor(bucket, rate, 0));
  }, 0);
}
