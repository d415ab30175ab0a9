import { Heap } from '../heap.ts';

/** A place in a ring of waiters. */
interface Link {
  previous: Link | undefined;
  next: Link | undefined;
}

/** One who waits in a `WaitQueue`. The links belong to the queue: unset, nobody waits. */
export interface Waiter extends Link {
  readonly priority: number;
  /** Number of the call: a smaller one arrived earlier. */
  readonly id: number;
  readonly cost: number;
  /** Whether the call comes back for a retry. */
  readonly isReturning: boolean;
}

/**
 * The waiters of one priority: those that come back, by arrival of their call, then the newcomers in a ring. The level is
 * the ring's first and last link; one who comes back is a ring of its own.
 */
interface Level extends Link {
  readonly priority: number;
  /** May hold some who have left, though never at its top, where they would be in the way. */
  readonly returning: Heap<Waiter>;
  /** Those of `returning` who still wait. */
  returningLength: number;
  newcomers: number;
  /** Tokens that all of them will take. */
  cost: number;
}

/** A heap with more dead than living entries is rebuilt, but not for these few. */
const SMALL_HEAP = 16;

/**
 * Who waits, by priority, then by arrival of the call. Newcomers enter, leave and are taken in O(1) at any length; a call
 * that comes back for a retry finds its place in O(log n) of those who come back.
 *
 * One who comes back is always ahead of the newcomers of its priority: it was admitted before, and as long as the oldest
 * goes first nobody overtakes, so whoever is still waiting arrived later.
 */
export class WaitQueue<W extends Waiter> {
  /** Highest priority first; none is empty. */
  readonly #levels: Level[] = [];
  #length = 0;
  #newcomers = 0;

  get length(): number {
    return this.#length;
  }

  /** Those who have not been admitted before. */
  get newcomers(): number {
    return this.#newcomers;
  }

  get first(): W | undefined {
    const level = this.#levels[0];
    return level === undefined ? undefined : ((level.returning.first ?? oldestOf(level)) as W | undefined);
  }

  /** The newest of the highest priority; one who comes back for a retry arrived before any newcomer. */
  get newest(): W | undefined {
    const level = this.#levels[0];
    return level === undefined ? undefined : ((newestOf(level) ?? level.returning.first) as W | undefined);
  }

  /** The newcomer who would be dropped first: the oldest of the lowest priority. */
  get oldestNewcomer(): W | undefined {
    return this.#lowest && (oldestOf(this.#lowest) as W | undefined);
  }

  /** The newcomer who came last to the lowest priority. */
  get newestNewcomer(): W | undefined {
    return this.#lowest && (newestOf(this.#lowest) as W | undefined);
  }

  /** The newcomer of this priority who has waited longest. */
  longestWaiting(priority: number | undefined): W | undefined {
    const level = this.#levels.find((known) => known.priority === priority);
    return level && (oldestOf(level) as W | undefined);
  }

  /** Tokens that will leave before those of a newcomer of this priority. */
  costAhead(priority: number): number {
    let cost = 0;
    for (const level of this.#levels) {
      if (level.priority < priority) break;
      cost += level.cost;
    }
    return cost;
  }

  /** How many will leave before a newcomer of this priority. */
  lengthAhead(priority: number): number {
    let length = 0;
    for (const level of this.#levels) {
      if (level.priority < priority) break;
      length += level.newcomers + level.returningLength;
    }
    return length;
  }

  push(waiter: W): void {
    const level = this.#levelOf(waiter.priority);
    level.cost += waiter.cost;
    this.#length += 1;
    if (waiter.isReturning) {
      insertBefore(waiter, waiter);
      level.returning.push(waiter);
      level.returningLength += 1;
    } else {
      insertBefore(level, waiter);
      level.newcomers += 1;
      this.#newcomers += 1;
    }
  }

  /** Takes a waiter out, wherever it stands. */
  remove(waiter: W): void {
    if (hasLeft(waiter)) return;
    const level = this.#levelOf(waiter.priority);
    unlink(waiter);
    level.cost -= waiter.cost;
    this.#length -= 1;
    if (waiter.isReturning) {
      level.returningLength -= 1;
      sweep(level);
    } else {
      level.newcomers -= 1;
      this.#newcomers -= 1;
    }
    if (level.newcomers + level.returningLength === 0) this.#levels.splice(this.#levels.indexOf(level), 1);
  }

  /** Everybody, in no particular order; safe against removals while it runs. */
  all(): W[] {
    const waiters: Link[] = [];
    for (const level of this.#levels) {
      for (const waiter of level.returning) if (!hasLeft(waiter)) waiters.push(waiter);
      for (let link = level.next; link !== undefined && link !== level; link = link.next) waiters.push(link);
    }
    return waiters as W[];
  }

  /** The lowest priority with newcomers. */
  get #lowest(): Level | undefined {
    return this.#levels.findLast((level) => level.newcomers > 0);
  }

  #levelOf(priority: number): Level {
    const first = this.#levels[0];
    if (first !== undefined && first.priority === priority) return first;
    const index = this.#levels.findIndex((level) => level.priority <= priority);
    const at = index === -1 ? this.#levels.length : index;
    const known = this.#levels[at];
    if (known !== undefined && known.priority === priority) return known;
    const level = emptyLevel(priority);
    this.#levels.splice(at, 0, level);
    return level;
  }
}

function emptyLevel(priority: number): Level {
  const returning = new Heap<Waiter>((a, b) => a.id < b.id);
  const level: Level = {
    priority,
    returning,
    returningLength: 0,
    newcomers: 0,
    cost: 0,
    previous: undefined,
    next: undefined,
  };
  insertBefore(level, level);
  return level;
}

function oldestOf(level: Level): Waiter | undefined {
  return level.newcomers === 0 ? undefined : (level.next as Waiter);
}

function newestOf(level: Level): Waiter | undefined {
  return level.newcomers === 0 ? undefined : (level.previous as Waiter);
}

/** Before the ring's own link is at its end; a link that has no ring yet begins one. */
function insertBefore(ring: Link, link: Link): void {
  const last = ring.previous ?? ring;
  link.previous = last;
  link.next = ring;
  last.next = link;
  ring.previous = link;
}

function unlink(link: Link): void {
  if (link.previous !== undefined) link.previous.next = link.next;
  if (link.next !== undefined) link.next.previous = link.previous;
  link.previous = undefined;
  link.next = undefined;
}

/** Those who left stay in the heap until they come to its top or are half of it, so that leaving is cheap on average. */
function sweep({ returning, returningLength }: Level): void {
  while (returning.first !== undefined && hasLeft(returning.first)) returning.shift();
  if (returning.size > 2 * returningLength + SMALL_HEAP) returning.retain((waiter) => !hasLeft(waiter));
}

function hasLeft(waiter: Waiter): boolean {
  return waiter.next === undefined;
}
