import type { Clock } from '@paceline/core';
import { EventHeap, type SimEvent } from './event-heap.ts';

/** Wall clock of a simulation's start, for HTTP dates; any would do, but always the same. */
const WALL_START_MS = Date.UTC(2026, 0, 1);

/** Macrotasks planned at once. The runtime looks for I/O after the last of them only, which costs more than most events do. */
const STEPS = 64;

/**
 * Virtual time for any number of engines. Between two instants all promise work runs to its end: the loop goes on from a
 * macrotask, before which the runtime empties its microtask queue, however long the chains are. That is skipped after events
 * that no promise can depend on.
 */
export class EventLoop {
  readonly #heap = new EventHeap();
  #now = 0;
  #order = 0;
  #mayHavePromises = false;

  /** The `Clock` port of every engine of the simulation. */
  readonly clock: Clock = {
    now: () => this.#now,
    wallNow: () => WALL_START_MS + this.#now,
    setTimer: (callback, delayMs) => {
      const event = this.at(this.#now + Math.max(0, delayMs), callback);
      return { cancel: () => this.cancel(event), keepAlive: () => undefined };
    },
  };

  get now(): number {
    return this.#now;
  }

  /** Plans something that may wake promises. */
  at(time: number, action: () => void): SimEvent {
    return this.quietlyAt(time, () => {
      this.#mayHavePromises = true;
      action();
    });
  }

  /** Plans something that settles no promise and calls no engine. */
  quietlyAt(time: number, action: () => void): SimEvent {
    this.#order += 1;
    const event = { at: Math.max(time, this.#now), order: this.#order, action };
    this.#heap.push(event);
    return event;
  }

  cancel(event: SimEvent): void {
    event.action = undefined;
  }

  /** Lets time pass until nothing is planned up to `untilMs`. Rejects with whatever an event throws. */
  run(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const step = (): void => {
        if (isOver) return;
        try {
          isOver = !this.#runUntilPromises(untilMs);
          if (isOver) resolve();
        } catch (error) {
          isOver = true;
          reject(error);
        }
      };
      const plan = (): void => {
        if (isOver) return;
        for (let count = 0; count < STEPS; count += 1) setImmediate(step);
        setImmediate(plan);
      };
      plan();
    });
  }

  /** True where promise work may be waiting, false where the time is up. */
  #runUntilPromises(untilMs: number): boolean {
    for (let event = this.#heap.first; event !== undefined && event.at <= untilMs; event = this.#heap.first) {
      if (this.#mayHavePromises && event.at > this.#now) {
        this.#mayHavePromises = false;
        return true;
      }
      this.#heap.shift();
      this.#now = event.at;
      event.action?.();
    }
    const wasTouched = this.#mayHavePromises;
    this.#mayHavePromises = false;
    return wasTouched;
  }
}
