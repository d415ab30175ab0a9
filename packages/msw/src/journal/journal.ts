import { checkNumber } from '../check/check.ts';
import type { Part } from '../scenario/course.ts';

/** One request that came. Its later fields are filled in as it goes on. */
export interface JournalEntry {
  /** Milliseconds from the start of the scenario to the arrival. */
  readonly at: number;
  /** Which call the request belongs to; see `callBy`. */
  readonly call: string;
  /** 1 for the first request of that call. */
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Text of the body, with `recordBodies`. */
  readonly body: string | undefined;
  /** The part of the scenario that answers; undefined where the request was let pass. */
  readonly part: Part | undefined;
  /** How long the answer was or will be delayed. */
  readonly delayMs: number;
  /** What the client got, as far as the scenario knows; undefined as long as it waits for it. */
  readonly answer: JournalAnswer | undefined;
  /** Whether the client gave up waiting. A browser's worker does not tell. */
  readonly aborted: boolean;
}

/** A status; a way to fail; or `passed`: left to the handlers behind the scenario's own. */
export type JournalAnswer = number | 'network-error' | 'reset' | 'hang' | 'cut' | 'passed';

/** What came and what became of it, in the order of arrival. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Number of requests, or of those that `where` picks. */
  count(where?: (entry: JournalEntry) => boolean): number;
  /** Calls in the order in which their requests arrived, each as often as it was attempted. */
  order(): readonly string[];
  /** Number of requests by call. */
  attempts(): Readonly<Record<string, number>>;
  /** The most requests that arrived within any `windowMs`; of two exactly that far apart only one counts. */
  peak(windowMs: number): number;
  /** Resolves once `count` requests have arrived since the last `clear`. */
  arrived(count: number): Promise<void>;
  /** Forgets every request; the scenario goes on. */
  clear(): void;
}

/** An entry while it is being written. */
export type OpenEntry = { -readonly [Field in keyof JournalEntry]: JournalEntry[Field] };

interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
}

/** The journal, and the pen. */
export class JournalBook implements Journal {
  #entries: OpenEntry[] = [];
  #attempts = new Map<string, number>();
  #waiters: readonly Waiter[] = [];

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Enters a request in the very turn in which it arrived. */
  enter(request: Request, call: string, at: number): OpenEntry {
    const attempt = (this.#attempts.get(call) ?? 0) + 1;
    const entry: OpenEntry = {
      at,
      call,
      attempt,
      method: request.method,
      url: request.url,
      headers: new Headers(request.headers),
      body: undefined,
      part: undefined,
      delayMs: 0,
      answer: undefined,
      aborted: false,
    };
    this.#attempts.set(call, attempt);
    this.#entries.push(entry);
    this.#wake();
    return entry;
  }

  count(where: (entry: JournalEntry) => boolean = () => true): number {
    return this.#entries.filter(where).length;
  }

  order(): readonly string[] {
    return this.#entries.map((entry) => entry.call);
  }

  attempts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#attempts);
  }

  peak(windowMs: number): number {
    checkNumber('windowMs', windowMs, { from: 1 });
    let oldest = 0;
    let peak = 0;
    for (const [newest, { at }] of this.#entries.entries()) {
      while (at - (this.#entries[oldest]?.at ?? at) >= windowMs) oldest += 1;
      peak = Math.max(peak, newest - oldest + 1);
    }
    return peak;
  }

  arrived(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters = [...this.#waiters, { count, resolve }];
      this.#wake();
    });
  }

  clear(): void {
    this.#entries = [];
    this.#attempts = new Map();
  }

  #wake(): void {
    const came = this.#entries.length;
    const due = this.#waiters.filter(({ count }) => count <= came);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter(({ count }) => count > came);
    for (const { resolve } of due) resolve();
  }
}
