import type { Clock } from '../time/clock.ts';
import type { PaceStore, StoreAsk, StoreGrant } from './pace-store.ts';

/** What comes of asks. */
export interface Asker {
  /** The ask as things stand when it leaves. */
  compose(now: number): StoreAsk;
  answered(grant: StoreGrant, ask: StoreAsk, sentAt: number, now: number): void;
  failed(ask: StoreAsk, now: number): void;
  /** An answer that nobody waits for any more. */
  unwanted(grant: StoreGrant): void;
}

/** One lane's way to the store: one ask at a time, which leaves when the current turn is over and knows all that happened in it. */
export class StoreLink {
  readonly #store: PaceStore;
  readonly #key: string;
  readonly #holder: string;
  readonly #clock: Clock;
  readonly #asker: Asker;
  /** Undefined while nothing is asked. */
  #asking: Promise<void> | undefined;
  /** Of the latest ask. */
  #number = 0;
  #askedAt = 0;

  constructor(store: PaceStore, key: string, holder: string, clock: Clock, asker: Asker) {
    this.#store = store;
    this.#key = key;
    this.#holder = holder;
    this.#clock = clock;
    this.#asker = asker;
  }

  get isAsking(): boolean {
    return this.#asking !== undefined;
  }

  /** When the ask that is under way began. */
  get askedAt(): number {
    return this.#askedAt;
  }

  ask(now: number): void {
    if (this.#asking !== undefined) return;
    this.#askedAt = now;
    this.#asking = this.#ask();
  }

  /** Waits no longer for an answer; what it brings goes back. */
  abandon(): void {
    this.#number += 1;
    this.#asking = undefined;
  }

  /** Gives tokens back and goes on keeping `kept` spare ones. */
  giveBack(tokens: number, kept: number): void {
    const rest = { holder: this.#holder, tokens, kept, leaves: false };
    void tell(() => this.#store.giveBack(this.#key, rest));
  }

  hold(ms: number): void {
    void tell(() => this.#store.hold(this.#key, ms));
  }

  release(): void {
    void tell(() => this.#store.release(this.#key));
  }

  /** Gives back the last tokens, once the last answer is there; waits for the store no longer than a call would. */
  async leave(tokens: () => number): Promise<void> {
    let cancel = (): void => {};
    const patience = new Promise<void>((resolve) => {
      const timer = this.#clock.setTimer(resolve, this.#store.timeoutMs);
      cancel = () => timer.cancel();
    });
    const left = tell(async () => {
      await this.#asking;
      await this.#store.giveBack(this.#key, { holder: this.#holder, tokens: tokens(), kept: 0, leaves: true });
    });
    await Promise.race([left, patience]);
    cancel();
  }

  async #ask(): Promise<void> {
    this.#number += 1;
    const number = this.#number;
    await undefined;
    const sentAt = this.#clock.now();
    const ask = this.#asker.compose(sentAt);
    let grant: StoreGrant | undefined;
    try {
      grant = await this.#store.take(this.#key, ask);
    } catch {
      // What the client says may hold addresses and passwords; that it failed is enough.
    }
    if (number !== this.#number) {
      if (grant !== undefined) this.#asker.unwanted(grant);
      return;
    }
    this.#asking = undefined;
    if (grant === undefined) this.#asker.failed(ask, this.#clock.now());
    else this.#asker.answered(grant, ask, sentAt, this.#clock.now());
  }
}

/** Tells the store something that needs no answer: a store that does not hear of it forgets the lease by itself. */
async function tell(telling: () => Promise<void>): Promise<void> {
  try {
    await telling();
  } catch {
    // The next ask finds out.
  }
}
