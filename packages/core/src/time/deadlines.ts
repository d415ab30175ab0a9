import { Heap } from '../heap.ts';
import { Alarm } from './alarm.ts';
import type { Clock } from './clock.ts';

/** A place in a ring of deadlines. */
interface Link {
  sooner: Link | undefined;
  later: Link | undefined;
}

/** The deadlines that share a tick, in milliseconds; the ring itself is its own first and last link. */
interface Ring extends Link {
  readonly tick: number;
}

/** Something with at most one deadline at a time. The links belong to `Deadlines`: unset, there is no deadline. */
export interface Expiring extends Link {
  expire(now: number): void;
}

/** A lateness of 1/64 of the wait keeps the number of distinct ticks small, whatever the waits are. */
const TICKS_PER_WAIT_LOG2 = 6;

/**
 * All deadlines of an engine on one coarse timer: set and clear are O(1) and touch no timer of the runtime. A deadline is
 * never early, and late by less than 1/64 of its wait or 1 ms, whichever is more, because those of about the same time
 * share a tick; the runtime's timer, which knows whole milliseconds only, may add another.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  /** By tick. An emptied ring stays until it is the first. */
  readonly #rings = new Map<number, Ring>();
  readonly #order = new Heap<Ring>((a, b) => a.tick < b.tick);
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, (now) => this.#expireUntil(now));
  }

  /** Replaces the owner's deadline; Infinity is none. */
  set(owner: Expiring, at: number, now: number): void {
    this.clear(owner);
    if (at === Infinity) return;
    const tick = tickOf(at, at - now);
    insertBefore(this.#ringOf(tick), owner);
    this.#count += 1;
    if (tick < this.#alarm.dueAt) this.#alarm.set(tick, now);
  }

  clear(owner: Expiring): void {
    if (owner.later === undefined) return;
    unlink(owner);
    this.#count -= 1;
    if (this.#count === 0) this.#alarm.clear();
  }

  #ringOf(tick: number): Ring {
    const known = this.#rings.get(tick);
    if (known !== undefined) return known;
    // Where every deadline is cleared in time the alarm never rings, and emptied rings would pile up.
    this.#firstRing();
    const ring = emptyRing(tick);
    this.#rings.set(tick, ring);
    this.#order.push(ring);
    return ring;
  }

  #expireUntil(now: number): void {
    let ring = this.#firstRing();
    for (; ring !== undefined && ring.tick <= now; ring = this.#firstRing()) this.#expireRing(ring, now);
    if (ring !== undefined && ring.tick < this.#alarm.dueAt) this.#alarm.set(ring.tick, this.#clock.now());
  }

  /** The ring of the next deadline; forgets the emptied ones before it. */
  #firstRing(): Ring | undefined {
    for (let ring = this.#order.first; ring !== undefined; ring = this.#order.first) {
      if (ring.later !== ring) return ring;
      this.#order.shift();
      this.#rings.delete(ring.tick);
    }
    return undefined;
  }

  #expireRing(ring: Ring, now: number): void {
    while (ring.later !== ring) {
      const owner = ring.later as Expiring;
      this.clear(owner);
      owner.expire(now);
    }
  }
}

function emptyRing(tick: number): Ring {
  const ring: Ring = { sooner: undefined, later: undefined, tick };
  ring.sooner = ring;
  ring.later = ring;
  return ring;
}

function insertBefore(ring: Link, link: Link): void {
  const last = ring.sooner ?? ring;
  link.sooner = last;
  link.later = ring;
  last.later = link;
  ring.sooner = link;
}

function unlink(link: Link): void {
  if (link.sooner !== undefined) link.sooner.later = link.later;
  if (link.later !== undefined) link.later.sooner = link.sooner;
  link.sooner = undefined;
  link.later = undefined;
}

/** A wait that is over already, as a shortened one may be, gets the next tick there is. */
function tickOf(at: number, waitMs: number): number {
  const waitLog2 = 31 - Math.clz32(Math.max(1, Math.min(waitMs, 2 ** 30)));
  const tickMs = 2 ** Math.max(0, waitLog2 - TICKS_PER_WAIT_LOG2);
  return Math.ceil(at / tickMs) * tickMs;
}
