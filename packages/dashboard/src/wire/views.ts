import type { LaneSnapshot } from '@paceline/core';

/** One host as the page sees it: everything of its lane's snapshot, and what the page may change of its policy. */
export interface HostView extends LaneSnapshot {
  readonly settings: Settings;
}

/** What can be tuned of a host's policy, as it is in force. JSON has no Infinity: null stands for it. */
export interface Settings {
  /** Empty is unlimited. */
  readonly rate: readonly RateSetting[];
  readonly concurrency: number | null;
  readonly retry: false | { readonly maxRetries: number | null };
  readonly budget: false | { readonly ratio: number; readonly minPerSecond: number };
}

export interface RateSetting {
  readonly limit: number;
  readonly perMs: number;
  /** Null is one second's worth. */
  readonly burst: number | null;
}

/** An event of the engine, without what may be private: only texts and numbers, of an error its code or name. */
export interface EventView {
  /** Number of the event since somebody watches. */
  readonly number: number;
  readonly type: string;
  /** Milliseconds of the engine's clock. */
  readonly at: number;
  readonly host: string;
  readonly [field: string]: string | number | boolean;
}

/** One line of what was changed. */
export interface ChangeView {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly host: string;
  readonly did: 'tune' | 'hold' | 'release';
  /** In words, one for each setting: "concurrency 5 → 8". */
  readonly what: readonly string[];
  readonly undone: boolean;
  /** Whether it can be undone: a change of a policy that no later one has overtaken. */
  readonly undoable: boolean;
}

/** What a watcher is told, several times a second: whatever has changed since the last frame that it took. */
export interface Frame {
  /** Milliseconds of the engine's clock. */
  readonly at: number;
  readonly closed: boolean;
  /** Whether the page may change anything. */
  readonly tune: boolean;
  /** Whether this is the first frame: `hosts` are all there are. */
  readonly whole: boolean;
  /** New ones and changed ones, in order of creation. */
  readonly hosts: readonly HostView[];
  /** Hosts whose lanes are no more. */
  readonly gone: readonly string[];
  readonly events: readonly EventView[];
  /** Events that were too many to be told. */
  readonly missed: number;
  /** The latest first; absent if none has been made since. */
  readonly changes?: readonly ChangeView[];
}
