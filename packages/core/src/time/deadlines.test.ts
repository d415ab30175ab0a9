import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../testing/virtual-clock.ts';
import type { Clock } from './clock.ts';
import { Deadlines, type Expiring } from './deadlines.ts';

/** Notes when it expired. */
class Owner implements Expiring {
  sooner: Expiring['sooner'] = undefined;
  later: Expiring['later'] = undefined;
  readonly expiredAt: number[] = [];
  readonly #then: (now: number) => void;

  constructor(then: (now: number) => void = () => {}) {
    this.#then = then;
  }

  expire(now: number): void {
    this.expiredAt.push(now);
    this.#then(now);
  }
}

/** What the doc promises: 1/64 of the wait or 1 ms, and a timer's own millisecond. */
const latestOf = (at: number, waitMs: number): number => at + Math.max(1, waitMs / 64) + 1;

function countTimers(clock: VirtualClock): { readonly clock: Clock; readonly delays: number[] } {
  const delays: number[] = [];
  const counting: Clock = {
    ...clock,
    setTimer: (callback, delayMs) => {
      delays.push(delayMs);
      return clock.setTimer(callback, delayMs);
    },
  };
  return { clock: counting, delays };
}

describe('a deadline', () => {
  test.each([0, 1, 5, 63, 64, 127, 128, 1_000, 4_095, 4_096, 30_000, 86_400_000, 2 ** 31, 2 ** 33])(
    'of %d ms is never early, and late by 1/64 or a timer’s grain at most',
    async (waitMs) => {
      for (const startMs of [0, 0.4, 12_345.678]) {
        const clock = virtualClock({ startMs });
        const deadlines = new Deadlines(clock);
        const owner = new Owner();
        deadlines.set(owner, startMs + waitMs, startMs);
        await clock.advance(latestOf(waitMs, waitMs));
        expect(owner.expiredAt).toHaveLength(1);
        expect(owner.expiredAt[0]).toBeGreaterThanOrEqual(startMs + waitMs);
        expect(clock.timers).toBe(0);
      }
    },
  );

  test('that was shortened to a time already past comes in the next turn', async () => {
    const clock = virtualClock({ startMs: 30_000 });
    const deadlines = new Deadlines(clock);
    const owner = new Owner();
    deadlines.set(owner, 60_000, clock.now());
    deadlines.set(owner, 10_000, clock.now());
    await clock.advance(1);
    expect(owner.expiredAt).toEqual([30_001]);
  });

  test('of Infinity is none, and takes away the one before', async () => {
    const clock = virtualClock();
    const deadlines = new Deadlines(clock);
    const owner = new Owner();
    deadlines.set(owner, 100, 0);
    deadlines.set(owner, Infinity, 0);
    expect(clock.timers).toBe(0);
    await clock.advance(1_000);
    expect(owner.expiredAt).toEqual([]);
  });

  test('does not bring on the next, one millisecond later', async () => {
    const clock = virtualClock();
    const deadlines = new Deadlines(clock);
    const [first, second] = [new Owner(), new Owner()];
    deadlines.set(first, 100, 0);
    deadlines.set(second, 101, 0);
    await clock.advance(200);
    expect([first, second].map(({ expiredAt }) => expiredAt)).toEqual([[100], [101]]);
  });

  test('that was cleared twice, or never set, does no harm', async () => {
    const clock = virtualClock();
    const deadlines = new Deadlines(clock);
    const [first, second, third] = [new Owner(), new Owner(), new Owner()];
    deadlines.set(first, 100, 0);
    deadlines.set(second, 100, 0);
    deadlines.clear(third);
    deadlines.clear(second);
    deadlines.clear(second);
    await clock.advance(200);
    expect([first, second, third].map(({ expiredAt }) => expiredAt)).toEqual([[100], [], []]);
  });
});

describe('when a deadline has come', () => {
  test('its owner may set another, also for a time that is over', async () => {
    const clock = virtualClock({ startMs: 1_000 });
    const deadlines = new Deadlines(clock);
    const owner: Owner = new Owner((now) => {
      if (owner.expiredAt.length < 3) deadlines.set(owner, now - 500, now - 400);
    });
    deadlines.set(owner, 1_100, 1_000);
    await clock.advance(500);
    expect(owner.expiredAt).toHaveLength(3);
    expect(clock.timers).toBe(0);
  });

  test('its owner may take away those of others, of the same time and of later ones', async () => {
    const clock = virtualClock();
    const deadlines = new Deadlines(clock);
    const [same, later, kept] = [new Owner(), new Owner(), new Owner()];
    const first = new Owner(() => {
      deadlines.clear(same);
      deadlines.clear(later);
    });
    deadlines.set(first, 100, 0);
    deadlines.set(same, 100, 0);
    deadlines.set(later, 110, 0);
    deadlines.set(kept, 120, 0);
    await clock.advance(1_000);
    expect([first, same, later, kept].map(({ expiredAt }) => expiredAt)).toEqual([[100], [], [], [120]]);
  });

  test('those of one time go in the order in which they were set', async () => {
    const clock = virtualClock();
    const deadlines = new Deadlines(clock);
    const order: number[] = [];
    for (const number of [1, 2, 3]) deadlines.set(new Owner(() => order.push(number)), 100, 0);
    await clock.advance(100);
    expect(order).toEqual([1, 2, 3]);
  });
});

describe('all deadlines together', () => {
  test('use one timer, and none at all is set anew for those that are cleared in time', () => {
    const { clock, delays } = countTimers(virtualClock());
    const deadlines = new Deadlines(clock);
    for (let number = 0; number < 10_000; number += 1) {
      const owner = new Owner();
      deadlines.set(owner, 30_000, 0);
      if (number % 2 === 0) deadlines.clear(owner);
    }
    expect(delays).toHaveLength(1);
  });

  test('leave nothing behind when every one is cleared in time and the alarm never rings', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const clock = virtualClock();
    const deadlines = new Deadlines(clock);
    const owner = new Owner();
    const callEvery = (stepMs: number, calls: number): void => {
      for (let call = 0; call < calls; call += 1) {
        deadlines.set(owner, call * stepMs + 30_000, call * stepMs);
        deadlines.clear(owner);
      }
    };
    callEvery(1_000, 1_000);
    collect();
    const before = process.memoryUsage().heapUsed;
    callEvery(1_000, 200_000);
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
  });

  test('come exactly once each, in time, unless they are cleared or replaced', async () => {
    const wait = fc.oneof(fc.double({ min: -50, max: 300, noNaN: true }), fc.nat(100_000));
    const pass = fc.oneof(fc.double({ min: 0, max: 80, noNaN: true }), fc.nat(20_000));
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ owner: fc.nat(7), waitMs: wait }) },
      { weight: 1, arbitrary: fc.record({ clear: fc.nat(7) }) },
      { weight: 3, arbitrary: fc.record({ passMs: pass }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const watched = new WatchedDeadlines();
        for (const action of steps) {
          if ('passMs' in action) await watched.pass(action.passMs);
          else if ('clear' in action) watched.clear(action.clear);
          else watched.set(action.owner, action.waitMs);
        }
        await watched.pass(200_000);
        expect(watched.isQuiet).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** Deadlines of eight owners, each held against what was last set. */
class WatchedDeadlines {
  readonly #clock = virtualClock({ startMs: 1_000.25, settleTurns: 1 });
  readonly #deadlines = new Deadlines(this.#clock);
  readonly #owners = Array.from({ length: 8 }, () => new Owner());
  readonly #due = new Map<Owner, { readonly at: number; readonly latest: number }>();

  set(index: number, waitMs: number): void {
    const now = this.#clock.now();
    const owner = this.#owners[index]!;
    this.#deadlines.set(owner, now + waitMs, now);
    this.#due.set(owner, { at: now + waitMs, latest: latestOf(Math.max(now + waitMs, now), waitMs) });
  }

  clear(index: number): void {
    const owner = this.#owners[index]!;
    this.#deadlines.clear(owner);
    this.#due.delete(owner);
  }

  async pass(ms: number): Promise<void> {
    await this.#clock.advance(ms);
    for (const owner of this.#owners) this.#checkOff(owner);
  }

  get isQuiet(): boolean {
    return this.#due.size === 0 && this.#clock.timers === 0;
  }

  #checkOff(owner: Owner): void {
    const expired = owner.expiredAt.splice(0);
    const { at, latest } = this.#due.get(owner) ?? { at: Infinity, latest: Infinity };
    expect(expired.length).toBeLessThanOrEqual(at === Infinity ? 0 : 1);
    if (this.#clock.now() > latest) expect(expired).toHaveLength(1);
    for (const time of expired) {
      expect(time).toBeGreaterThanOrEqual(at);
      expect(time).toBeLessThanOrEqual(latest);
      this.#due.delete(owner);
    }
  }
}
