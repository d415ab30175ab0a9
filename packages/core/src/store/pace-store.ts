/**
 * Where the processes of a fleet keep what their lanes share: tokens and holds, never slots or queues. `@paceline/redis`
 * is one.
 *
 * Every method may reject, and may take its time: the lane waits no longer than `timeoutMs` and then does what `onOutage`
 * says. Errors are never shown to anybody, so they may say what they like.
 */
export interface PaceStore {
  /**
   * What a lane does without an answer: go on with its share of the rate (`local`), end calls with `STORE_UNAVAILABLE`
   * (`refuse`), or send without a rate (`open`).
   */
  readonly onOutage: OnOutage;
  /** Longest that a call waits for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Settles what was granted before, takes tokens, and tells what the lane shares with other processes. */
  take(key: string, ask: StoreAsk): Promise<StoreGrant>;
  /** Takes back what a process will not spend. */
  giveBack(key: string, rest: StoreReturn): Promise<void>;
  /** Lets nobody take tokens for `ms` milliseconds; never shortens a hold. */
  hold(key: string, ms: number): Promise<void>;
  /** Ends a hold before its time. */
  release(key: string): Promise<void>;
}

export type OnOutage = 'local' | 'refuse' | 'open';

/** Where a lane's tokens come from: the store, or what its `onOutage` puts in the store's place. */
export type StoreState = 'shared' | 'local' | 'refusing' | 'open';

/** `failed`: the store's client reported an error. `timeout`: it did not answer in time. */
export type OutageReason = 'failed' | 'timeout';

/** One rate of a lane, as every process of the fleet should have it. */
export interface StoreRate {
  readonly tokensPerMs: number;
  readonly burst: number;
}

/** What one process wants of a lane, and what has become of its earlier grants. */
export interface StoreAsk {
  /** Names this process's lane among the others. */
  readonly holder: string;
  /** Empty where only the hold is of interest. */
  readonly rates: readonly StoreRate[];
  /** Tokens that the first waiting call lacks: less is of no use. */
  readonly least: number;
  /** Tokens that all waiting calls lack. These may be promised ahead of time. */
  readonly waiting: number;
  /** Tokens for calls that are expected. Only what is there is given, and never more than half of it. */
  readonly spare: number;
  /** Spare tokens of earlier grants that are still unspent. */
  readonly kept: number;
  /** Tokens of earlier grants that go back with this. */
  readonly returned: number;
  /** Level of each bucket as this process reckons, for a store that has lost them. Undefined: never seen. */
  readonly levels: readonly number[] | undefined;
  /** Whether tokens were spent without the store, so that the buckets hold no more than `levels`, whatever it thinks. */
  readonly isOverdrawn: boolean;
  /** How long the holder keeps what is granted, in milliseconds; a little later the store may forget it. */
  readonly leaseMs: number;
  /** How far ahead tokens are promised, in milliseconds of the whole fleet's rate. */
  readonly horizonMs: number;
}

/** What one process gives back. */
export interface StoreReturn {
  readonly holder: string;
  readonly tokens: number;
  /** Spare tokens that it goes on keeping. */
  readonly kept: number;
  /** Whether it will not ask again. */
  readonly leaves: boolean;
}

/** The store's answer to an ask. */
export interface StoreGrant {
  readonly tokens: number;
  /** Level of each bucket before this grant; below 0 where tokens were promised ahead of time. */
  readonly levels: readonly number[];
  /** Processes that were heard of lately, the asking one included. */
  readonly processes: number;
  /** What is left of the lane's hold; 0 is none. */
  readonly holdMs: number;
  /** The last release of a hold by hand; grows with each, 0 is none. */
  readonly released: number;
}
