import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../testing/virtual-clock.ts';
import { Alarm } from './alarm.ts';
import type { Clock } from './clock.ts';

const LONGEST_MS = 2 ** 31 - 1;

interface Bench {
  readonly clock: VirtualClock;
  readonly alarm: Alarm;
  /** When it rang. */
  readonly rings: number[];
  /** Delays of the timers that were set at the clock. */
  readonly delays: number[];
}

/** An alarm on a clock whose timers fire `earlyMs` too early, as Node's may. */
function bench(earlyMs = 0, startMs = 0): Bench {
  const clock = virtualClock({ startMs });
  const rings: number[] = [];
  const delays: number[] = [];
  const hasty: Clock = {
    ...clock,
    setTimer: (callback, delayMs) => {
      delays.push(delayMs);
      return clock.setTimer(callback, delayMs - earlyMs);
    },
  };
  return { clock, alarm: new Alarm(hasty, (now) => rings.push(now)), rings, delays };
}

describe('an alarm', () => {
  test('rings once, at its time', async () => {
    const { clock, alarm, rings } = bench();
    alarm.set(250, clock.now());
    await clock.advance(249);
    expect(rings).toEqual([]);
    await clock.advance(1_000);
    expect(rings).toEqual([250]);
    expect(alarm.dueAt).toBe(Infinity);
  });

  test('does not ring early when its timer does', async () => {
    const { clock, alarm, rings, delays } = bench(0.75);
    alarm.set(250, clock.now());
    await clock.advance(249.3);
    expect(delays).toEqual([250, 1]);
    expect(rings).toEqual([]);
    await clock.advance(1_000);
    expect(rings).toEqual([250]);
  });

  test('that is postponed rings at the later time and leaves the running timer alone', async () => {
    const { clock, alarm, rings, delays } = bench();
    alarm.set(100, clock.now());
    alarm.set(200, clock.now());
    alarm.set(300, clock.now());
    expect(delays).toEqual([100]);
    await clock.advance(1_000);
    expect(rings).toEqual([300]);
    expect(delays).toEqual([100, 200]);
  });

  test('that is brought forward rings at the earlier time', async () => {
    const { clock, alarm, rings } = bench();
    alarm.set(300, clock.now());
    await clock.advance(50);
    alarm.set(100, clock.now());
    expect(clock.timers).toBe(1);
    await clock.advance(1_000);
    expect(rings).toEqual([100]);
  });

  test('of a fraction of a millisecond waits for the next whole one', async () => {
    const { clock, alarm, rings, delays } = bench(0, 0.5);
    alarm.set(10.75, clock.now());
    await clock.advance(1_000);
    expect(rings).toEqual([11.5]);
    expect(delays).toEqual([11]);
  });

  test('that is cleared keeps quiet and lets the process end', async () => {
    const { clock, alarm, rings } = bench();
    alarm.set(100, clock.now());
    expect(clock.timers).toBe(1);
    alarm.clear();
    expect(clock.timers).toBe(0);
    await clock.advance(1_000);
    expect(rings).toEqual([]);
  });

  test('that was cleared and is set again keeps the process alive, with the timer that still runs', async () => {
    const { clock, alarm, rings, delays } = bench();
    alarm.set(100, clock.now());
    alarm.clear();
    alarm.set(150, clock.now());
    expect(clock.timers).toBe(1);
    await clock.advance(1_000);
    expect(rings).toEqual([150]);
    expect(delays).toEqual([100, 50]);
    expect(clock.timers).toBe(0);
  });

  test('of a time that is over rings in the next turn', async () => {
    const { clock, alarm, rings } = bench(0, 500);
    alarm.set(100, clock.now());
    expect(rings).toEqual([]);
    await clock.advance(1);
    expect(rings).toEqual([501]);
  });

  test('may be set again by what it rings for', async () => {
    const clock = virtualClock();
    const rings: number[] = [];
    const alarm: Alarm = new Alarm(clock, (now) => {
      rings.push(now);
      if (rings.length < 3) alarm.set(now + 10, now);
    });
    alarm.set(10, 0);
    await clock.advance(1_000);
    expect(rings).toEqual([10, 20, 30]);
    expect(clock.timers).toBe(0);
  });

  test('of a time beyond the longest timer sleeps in pieces', async () => {
    const { clock, alarm, rings, delays } = bench();
    const farMs = 3 * LONGEST_MS + 5;
    alarm.set(farMs, clock.now());
    await clock.advance(farMs + 1_000);
    expect(rings).toEqual([farMs]);
    expect(delays).toEqual([LONGEST_MS, LONGEST_MS, LONGEST_MS, 5]);
  });
});

/** An alarm whose every ring is held against what it was last set to. */
class WatchedAlarm {
  readonly #bench: Bench;
  #dueAt = Infinity;

  constructor(earlyMs: number) {
    this.#bench = bench(earlyMs, 0.3);
  }

  set(waitMs: number): void {
    const now = this.#bench.clock.now();
    this.#dueAt = now + waitMs;
    this.#bench.alarm.set(this.#dueAt, now);
  }

  clear(): void {
    this.#dueAt = Infinity;
    this.#bench.alarm.clear();
  }

  async pass(ms: number): Promise<void> {
    const { clock, rings } = this.#bench;
    await clock.advance(ms);
    const latest = this.#dueAt + 1 + 1e-9;
    expect(rings.length).toBeLessThanOrEqual(1);
    if (clock.now() > latest) expect(rings).toHaveLength(1);
    for (const ring of rings.splice(0)) {
      expect(ring).toBeGreaterThanOrEqual(this.#dueAt);
      expect(ring).toBeLessThanOrEqual(latest);
      this.#dueAt = Infinity;
    }
  }

  get isQuiet(): boolean {
    return this.#dueAt === Infinity && this.#bench.clock.timers === 0;
  }
}

test('whatever is done to an alarm, it rings once for its last time, never early and 1 ms late at most', async () => {
  const wait = fc.double({ min: 0, max: 50, noNaN: true });
  const step = fc.oneof(fc.record({ setMs: wait }), fc.record({ passMs: wait }), fc.constant('clear' as const));
  const early = fc.double({ min: 0, max: 0.9, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), early, async (steps, earlyMs) => {
      const alarm = new WatchedAlarm(earlyMs);
      for (const action of steps) {
        if (action === 'clear') alarm.clear();
        else if ('setMs' in action) alarm.set(action.setMs);
        else await alarm.pass(action.passMs);
      }
      await alarm.pass(100);
      expect(alarm.isQuiet).toBe(true);
    }),
    { numRuns: 300 },
  );
});
