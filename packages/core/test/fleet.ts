import type { HostPolicy, LaneSnapshot, OnOutage, PaceStore } from '@paceline/core';
import { memoryStore, seededRandom, type VirtualClock, virtualClock } from '@paceline/core/testing';
import { type World, worldOf } from './world.ts';

/** Half of what a round trip to the store takes, in milliseconds. */
export const WAY_MS = 1;

/** What the store does to all that is sent to it. */
type Fault = 'none' | 'fails' | 'hangs' | { readonly delayMs: number };

/** A store some way off, which tests may break and whose round trips they count. */
export interface RemoteStore extends PaceStore {
  fault: Fault;
  /** Round trips so far. */
  readonly trips: number;
  /** Answers what hung, and goes on. */
  resume(): void;
  /** Loses all that it knows. */
  lose(): void;
}

/** Processes that share a store, on one clock. */
export interface Fleet {
  readonly clock: VirtualClock;
  readonly store: RemoteStore;
  readonly worlds: readonly World[];
  /** Times at which attempts left, whichever process sent them. */
  departures(): number[];
}

export function fleetOf(
  size: number,
  defaults: HostPolicy,
  options: { readonly onOutage?: OnOutage; readonly timeoutMs?: number } = {},
): Fleet {
  // Enough for an answer of the store to reach the call that waits for it.
  const clock = virtualClock({ settleTurns: 24 });
  const store = remoteStore(clock, options);
  const random = seededRandom(1);
  const policy: HostPolicy = { retry: false, ...defaults };
  const worlds = Array.from({ length: size }, () => worldOf({ clock, store, random, defaults: policy }));
  return {
    clock,
    store,
    worlds,
    departures: () => worlds.flatMap(({ calls }) => calls.flatMap(({ sentAt }) => sentAt)).sort((a, b) => a - b),
  };
}

/** The only lane of a process. */
export function laneOf({ pace }: World): LaneSnapshot {
  const [lane] = pace.snapshot().lanes;
  if (lane === undefined) throw new Error('no lane');
  return lane;
}

/** Calls, one after the other, each at its time from now. */
export function callAt(world: World, times: readonly number[]): void {
  for (const ms of times) world.clock.setTimer(() => void world.call(), ms);
}

/** `perSecond` calls a second for `ms` milliseconds. */
export function stream(world: World, perSecond: number, ms: number): void {
  const gapMs = 1000 / perSecond;
  callAt(
    world,
    Array.from({ length: Math.floor(ms / gapMs) }, (_, index) => index * gapMs),
  );
}

function remoteStore(
  clock: VirtualClock,
  options: { readonly onOutage?: OnOutage; readonly timeoutMs?: number },
): RemoteStore {
  let near = memoryStore({ clock, ...options });
  let resume: (() => void)[] = [];
  const far = {
    ...near,
    fault: 'none' as Fault,
    trips: 0,
    resume() {
      far.fault = 'none';
      for (const go of resume) go();
      resume = [];
    },
    lose() {
      near = memoryStore({ clock, ...options });
    },
    take: (...args: Parameters<PaceStore['take']>) => trip(() => near.take(...args)),
    giveBack: (...args: Parameters<PaceStore['giveBack']>) => trip(() => near.giveBack(...args)),
    hold: (...args: Parameters<PaceStore['hold']>) => trip(() => near.hold(...args)),
    release: (...args: Parameters<PaceStore['release']>) => trip(() => near.release(...args)),
  };
  const after = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimer(resolve, ms).keepAlive(false));

  async function trip<T>(command: () => Promise<T>): Promise<T> {
    far.trips += 1;
    const { fault } = far;
    await after(typeof fault === 'object' ? fault.delayMs / 2 : WAY_MS);
    if (far.fault === 'fails') throw new Error('redis://user:secret@store.test is gone');
    if (far.fault === 'hangs') await new Promise<void>((resolve) => resume.push(resolve));
    const answer = await command();
    await after(typeof fault === 'object' ? fault.delayMs / 2 : WAY_MS);
    return answer;
  }

  return far;
}
