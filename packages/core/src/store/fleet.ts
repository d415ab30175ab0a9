import type { OutageReason, PaceStore, StoreState } from './pace-store.ts';

/** A store, and this engine's name among those that share it. */
export interface Fleet {
  readonly store: PaceStore;
  readonly holder: string;
}

/** What a lane is to its shared tokens. */
export interface LeasedLane {
  readonly key: string;
  /** Tokens that all waiting calls take. */
  waitingCost(): number;
  holdMs(now: number): number;
  /** There may be something to hand out, or somebody to refuse. */
  supplied(now: number): void;
  /** Another process holds the host. */
  heldElsewhere(ms: number, now: number): void;
  releasedElsewhere(now: number): void;
  /** The store went, for this reason, or came back. */
  storeChanged(state: StoreState, reason: OutageReason | undefined, now: number): void;
}
