/** Who wants to know of an abort. */
export interface Follower {
  aborted(reason: unknown): void;
}

/**
 * Fans one `abort` listener out to all calls that share a signal: any number of calls puts one listener on it, and the
 * last to leave takes the listener away.
 */
export class AbortHub {
  readonly #fans = new WeakMap<AbortSignal, Fan>();

  follow(signal: AbortSignal, follower: Follower): void {
    let fan = this.#fans.get(signal);
    if (fan === undefined) {
      fan = new Fan(signal);
      this.#fans.set(signal, fan);
    }
    fan.add(follower);
  }

  leave(signal: AbortSignal, follower: Follower): void {
    this.#fans.get(signal)?.delete(follower);
  }
}

/**
 * The one listener of a signal; it is on the signal only while somebody follows. Most signals serve one call at a time,
 * so the first follower needs no set.
 */
class Fan implements EventListenerObject {
  readonly #signal: AbortSignal;
  #first: Follower | undefined;
  #others: Set<Follower> | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(follower: Follower): void {
    if (this.#isEmpty) this.#signal.addEventListener('abort', this);
    if (this.#first === undefined) this.#first = follower;
    else this.#more.add(follower);
  }

  delete(follower: Follower): void {
    if (this.#first === follower) this.#first = undefined;
    else if (!this.#others?.delete(follower)) return;
    if (this.#isEmpty) this.#signal.removeEventListener('abort', this);
  }

  handleEvent(): void {
    const { reason } = this.#signal;
    const followers = [...(this.#first === undefined ? [] : [this.#first]), ...(this.#others ?? [])];
    for (const follower of followers) follower.aborted(reason);
  }

  get #more(): Set<Follower> {
    this.#others ??= new Set();
    return this.#others;
  }

  get #isEmpty(): boolean {
    return this.#first === undefined && (this.#others === undefined || this.#others.size === 0);
  }
}
