import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Waiter, WaitQueue } from './wait-queue.ts';

class Caller implements Waiter {
  readonly id: number;
  readonly priority: number;
  readonly cost: number;
  isReturning = false;
  previous: Waiter['previous'] = undefined;
  next: Waiter['next'] = undefined;

  constructor(id: number, priority = 0, cost = 1) {
    this.id = id;
    this.priority = priority;
    this.cost = cost;
  }
}

function queueOf(...callers: readonly Caller[]): WaitQueue<Caller> {
  const queue = new WaitQueue<Caller>();
  for (const caller of callers) queue.push(caller);
  return queue;
}

function returning(caller: Caller): Caller {
  caller.isReturning = true;
  return caller;
}

function takeAll(queue: WaitQueue<Caller>): number[] {
  const ids: number[] = [];
  for (let { first } = queue; first !== undefined; { first } = queue) {
    ids.push(first.id);
    queue.remove(first);
  }
  return ids;
}

const callers = (count: number): Caller[] => Array.from({ length: count }, (_, id) => new Caller(id));

describe('a wait queue', () => {
  test('lets those of one priority go in the order of arrival', () => {
    expect(takeAll(queueOf(new Caller(1), new Caller(2), new Caller(3)))).toEqual([1, 2, 3]);
  });

  test('lets a higher priority go first, in whatever order they came', () => {
    const queue = queueOf(new Caller(1), new Caller(2, 5), new Caller(3, -1), new Caller(4, 5), new Caller(5, 2.5));
    expect(takeAll(queue)).toEqual([2, 4, 5, 1, 3]);
  });

  test('lets a call that comes back go ahead of later calls of its priority', () => {
    const queue = queueOf(new Caller(3), new Caller(4, 1), returning(new Caller(2)), returning(new Caller(1)));
    expect(takeAll(queue)).toEqual([4, 1, 2, 3]);
  });

  test('lets go who leaves, wherever it stands, and only once', () => {
    const [a, b, c, d] = [new Caller(1), new Caller(2), new Caller(3), returning(new Caller(0))];
    const queue = queueOf(a, b, c, d);
    queue.remove(b);
    queue.remove(b);
    queue.remove(d);
    queue.remove(new Caller(9));
    expect(queue.length).toBe(2);
    expect(takeAll(queue)).toEqual([1, 3]);
    expect([queue.length, queue.newcomers, queue.first]).toEqual([0, 0, undefined]);
  });

  test('lists one who left and came back once', () => {
    const [waiting, caller] = [new Caller(2), returning(new Caller(1))];
    const queue = queueOf(waiting, caller);
    for (let retry = 0; retry < 3; retry += 1) {
      queue.remove(caller);
      queue.push(caller);
    }
    expect(queue.all()).toHaveLength(2);
    expect(takeAll(queue)).toEqual([1, 2]);
  });

  test('offers the oldest and the newest newcomer of the lowest priority that has any', () => {
    const queue = queueOf(new Caller(1), new Caller(2), new Caller(3, 5), returning(new Caller(0, -1)));
    expect([queue.oldestNewcomer?.id, queue.newestNewcomer?.id]).toEqual([1, 2]);
    for (const caller of queue.all()) if (caller.priority === 0) queue.remove(caller);
    expect([queue.oldestNewcomer?.id, queue.newestNewcomer?.id]).toEqual([3, 3]);
  });

  test('sums up the tokens ahead of a newcomer', () => {
    const queue = queueOf(new Caller(1, 0, 2), new Caller(2, 5, 3), returning(new Caller(0, 0, 0.5)));
    expect([-1, 0, 1, 5, 6].map((priority) => queue.costAhead(priority))).toEqual([5.5, 5.5, 3, 3, 0]);
  });

  test('does not get slow with its length, neither by going nor by leaving', () => {
    const crowd = callers(200_000);
    const queue = queueOf(...crowd.slice(0, 1));
    for (const caller of crowd.slice(1)) queue.push(caller);
    for (let index = 0; index < crowd.length; index += 2) queue.remove(crowd[(index * 7_919) % crowd.length]!);
    const ids = takeAll(queue);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  test('does not get slow with those who come back, either', () => {
    const crowd = callers(100_000).map(returning);
    const queue = queueOf();
    for (const caller of crowd.toReversed()) queue.push(caller);
    for (let index = 0; index < crowd.length; index += 2) queue.remove(crowd[(index * 7_919) % crowd.length]!);
    const ids = takeAll(queue);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });
});

test('those who left are soon forgotten, also behind one who waits on', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const queue = queueOf(returning(new Caller(0)));
  const left = callers(1_000).map((caller) => {
    queue.push(returning(caller));
    queue.remove(caller);
    return new WeakRef(caller);
  });
  // A WeakRef holds on to what it was given until the end of the turn.
  await new Promise(setImmediate);
  collect();
  expect(left.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(20);
});

/** A queue beside the plainest form of it, one sorted array, in which calls live as they do in a lane. */
class WatchedQueue {
  readonly #queue = new WaitQueue<Caller>();
  readonly #away: Caller[] = [];
  #waiting: Caller[] = [];
  #lastId = 0;

  arrive(priority: number, cost: number): void {
    this.#lastId += 1;
    this.#push(new Caller(this.#lastId, priority, cost));
  }

  /** The first is admitted, and may come back. */
  admit(): void {
    const { first } = this.#queue;
    if (first === undefined) return;
    this.#remove(first);
    this.#away.push(first);
  }

  comeBack(pick: number): void {
    const [caller] = this.#away.splice(pick % Math.max(1, this.#away.length), 1);
    if (caller !== undefined) this.#push(returning(caller));
  }

  leave(pick: number): void {
    const caller = this.#waiting[pick % Math.max(1, this.#waiting.length)];
    if (caller !== undefined) this.#remove(caller);
  }

  expectTheSame(): void {
    const newcomers = this.#waiting.filter(({ isReturning }) => !isReturning);
    const lowest = newcomers.filter(({ priority }) => priority === newcomers.at(-1)?.priority);
    const ahead = this.#waiting.filter(({ priority }) => priority >= 0);
    expect(this.#queue.first).toBe(this.#waiting[0]);
    expect(this.#queue.length).toBe(this.#waiting.length);
    expect(this.#queue.newcomers).toBe(newcomers.length);
    expect(this.#queue.oldestNewcomer).toBe(lowest[0]);
    expect(this.#queue.newestNewcomer).toBe(lowest.at(-1));
    expect(this.#queue.costAhead(0)).toBe(ahead.reduce((sum, { cost }) => sum + cost, 0));
  }

  expectTheSameInTheEnd(): void {
    const byId = (a: Caller, b: Caller): number => a.id - b.id;
    expect(this.#queue.all().toSorted(byId)).toEqual(this.#waiting.toSorted(byId));
    expect(takeAll(this.#queue)).toEqual(this.#waiting.map(({ id }) => id));
  }

  #push(caller: Caller): void {
    this.#queue.push(caller);
    this.#waiting = [...this.#waiting, caller].sort((a, b) => b.priority - a.priority || a.id - b.id);
  }

  #remove(caller: Caller): void {
    this.#queue.remove(caller);
    this.#waiting = this.#waiting.filter((other) => other !== caller);
  }
}

test('whoever comes, goes, comes back or leaves, the order is priority and arrival of the call', () => {
  const arrival = fc.record({ priority: fc.constantFrom(-3, 0, 0, 0, 1, 7), cost: fc.integer({ min: 1, max: 4 }) });
  const step = fc.oneof(
    { weight: 4, arbitrary: arrival },
    { weight: 3, arbitrary: fc.constant('admit' as const) },
    { weight: 2, arbitrary: fc.record({ comesBack: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ leaves: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 300 }), (steps) => {
      const queue = new WatchedQueue();
      for (const action of steps) {
        if (action === 'admit') queue.admit();
        else if ('priority' in action) queue.arrive(action.priority, action.cost);
        else if ('comesBack' in action) queue.comeBack(action.comesBack);
        else queue.leave(action.leaves);
        queue.expectTheSame();
      }
      queue.expectTheSameInTheEnd();
    }),
    { numRuns: 300 },
  );
});
