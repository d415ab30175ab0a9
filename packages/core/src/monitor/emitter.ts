import type { PaceEvent, PaceListener } from './events.ts';

/** Tells events to whoever listens. Callers build an event only while `listening`, so that without listeners it is free. */
export class Emitter {
  /** Whether anybody would hear an event. */
  listening = false;
  #listeners: readonly PaceListener[] = [];
  readonly #reported = new WeakSet<PaceListener>();
  /** Events that have not been told to everybody. */
  readonly #pending: PaceEvent[] = [];

  subscribe(listener: PaceListener): () => void {
    if (typeof listener !== 'function') {
      throw new TypeError(`subscribe: expected a function, got ${listener === null ? 'null' : typeof listener}`);
    }
    // A wrapper of its own, so that one function may subscribe twice and each end is its own.
    const entry: PaceListener = (event) => listener(event);
    this.#replace([...this.#listeners, entry]);
    return () => this.#replace(this.#listeners.filter((other) => other !== entry));
  }

  /** An event that a listener itself brings about waits until the one it was told has reached all others. */
  emit(event: PaceEvent): void {
    if (this.#pending.push(event) > 1) return;
    for (const next of this.#pending) this.#tell(next);
    this.#pending.length = 0;
  }

  #tell(event: PaceEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#report(listener, error);
      }
    }
  }

  #replace(listeners: readonly PaceListener[]): void {
    this.#listeners = listeners;
    this.listening = listeners.length > 0;
  }

  /** A listener that throws once throws often: it is reported once. */
  #report(listener: PaceListener, error: unknown): void {
    if (this.#reported.has(listener)) return;
    this.#reported.add(listener);
    console.error('paceline: a listener threw; its further errors are not shown', error);
  }
}
