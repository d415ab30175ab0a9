import type { PaceEvent, PaceEventType, PaceListener } from './events.ts';

/** For each type whether anybody would hear it. */
type Listening = Readonly<Record<PaceEventType, boolean>>;

interface Subscription {
  readonly listener: PaceListener;
  readonly types: ReadonlySet<PaceEventType>;
}

const DEAF: Listening = {
  queued: false,
  admitted: false,
  attempt: false,
  outcome: false,
  retry: false,
  held: false,
  released: false,
  paced: false,
  refused: false,
  settled: false,
  fallback: false,
  breaker: false,
  store: false,
};

/** All types of events. */
const TYPES = Object.keys(DEAF) as PaceEventType[];

/**
 * Tells events to whoever listens. Callers build an event only if somebody is `listening` to its type, so that events
 * that nobody hears are free.
 */
export class Emitter {
  listening: Listening = DEAF;
  #subscriptions: readonly Subscription[] = [];
  readonly #reported = new WeakSet<Subscription>();
  #isTelling = false;
  /** Events that listeners brought about and that nobody was told yet. */
  readonly #pending: PaceEvent[] = [];

  subscribe<T extends PaceEventType>(listener: PaceListener<T>, types: readonly PaceEventType[] = TYPES): () => void {
    if (typeof listener !== 'function') {
      throw new TypeError(`subscribe: expected a function, got ${listener === null ? 'null' : typeof listener}`);
    }
    const unknown = types.find((type) => !TYPES.includes(type));
    if (unknown !== undefined) {
      throw new TypeError(`subscribe: unknown event type '${unknown}'; known are ${TYPES.join(', ')}`);
    }
    // An object of its own, so that one function may subscribe twice and each end is its own. The listener hears of no
    // other types than its own.
    const subscription = { listener: listener as PaceListener, types: new Set(types) };
    this.#replace([...this.#subscriptions, subscription]);
    return () => this.#replace(this.#subscriptions.filter((other) => other !== subscription));
  }

  /** An event that a listener itself brings about waits until the one it was told has reached all others. */
  emit(event: PaceEvent): void {
    if (this.#isTelling) {
      this.#pending.push(event);
      return;
    }
    this.#isTelling = true;
    this.#tell(event);
    if (this.#pending.length > 0) this.#tellPending();
    this.#isTelling = false;
  }

  #tellPending(): void {
    for (const next of this.#pending) this.#tell(next);
    this.#pending.length = 0;
  }

  #tell(event: PaceEvent): void {
    for (const subscription of this.#subscriptions) {
      if (!subscription.types.has(event.type)) continue;
      try {
        subscription.listener(event);
      } catch (error) {
        this.#report(subscription, error);
      }
    }
  }

  #replace(subscriptions: readonly Subscription[]): void {
    this.#subscriptions = subscriptions;
    const heard = TYPES.map((type) => [type, subscriptions.some(({ types }) => types.has(type))] as const);
    this.listening = Object.fromEntries(heard) as Listening;
  }

  /** A listener that throws once throws often: it is reported once. */
  #report(subscription: Subscription, error: unknown): void {
    if (this.#reported.has(subscription)) return;
    this.#reported.add(subscription);
    console.error('paceline: a listener threw; its further errors are not shown', error);
  }
}
