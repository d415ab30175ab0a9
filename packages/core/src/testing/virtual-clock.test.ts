import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { virtualClock } from './virtual-clock.ts';

describe('a virtual clock', () => {
  test('stands still until it is moved', async () => {
    const clock = virtualClock({ startMs: 100 });
    await clock.settle();
    expect(clock.now()).toBe(100);
    await clock.advance(50);
    expect(clock.now()).toBe(150);
  });

  test('begins at 0, and on the first of January 2026', () => {
    const clock = virtualClock();
    expect([clock.now(), clock.wallNow()]).toEqual([0, Date.parse('2026-01-01T00:00:00Z')]);
  });

  test('has a wall clock that goes along, and can be stepped without moving time', async () => {
    const clock = virtualClock({ startMs: 5_000, wallMs: 1_000_000 });
    expect(clock.wallNow()).toBe(1_000_000);
    await clock.advance(20);
    clock.stepWall(-3_600_000);
    expect(clock.wallNow()).toBe(1_000_020 - 3_600_000);
    expect(clock.now()).toBe(5_020);
  });

  test('runs timers at their own time, those of one time in the order of setting', async () => {
    const clock = virtualClock();
    const ran: string[] = [];
    const note = (name: string, delayMs: number): void => {
      clock.setTimer(() => ran.push(`${name}@${clock.now()}`), delayMs);
    };
    note('c', 30);
    note('a', 10);
    note('b', 10);
    note('late', 31);
    await clock.advance(30);
    expect(ran).toEqual(['a@10', 'b@10', 'c@30']);
  });

  test('runs a timer that is set by another within the same move', async () => {
    const clock = virtualClock();
    const ran: number[] = [];
    clock.setTimer(() => {
      ran.push(clock.now());
      clock.setTimer(() => ran.push(clock.now()), 10);
    }, 10);
    await clock.advance(20);
    expect(ran).toEqual([10, 20]);
  });

  test('finishes promise work before the next timer', async () => {
    const clock = virtualClock();
    const ran: string[] = [];
    const work = async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn += 1) await undefined;
      ran.push('work');
    };
    clock.setTimer(() => void work(), 10);
    clock.setTimer(() => ran.push('next timer'), 10);
    await clock.advance(10);
    expect(ran).toEqual(['work', 'next timer']);
  });

  test('does not run a timer that was cancelled, also by one of the same time', async () => {
    const clock = virtualClock();
    const ran: string[] = [];
    clock.setTimer(() => second.cancel(), 10);
    const second = clock.setTimer(() => ran.push('second'), 10);
    const third = clock.setTimer(() => ran.push('third'), 20);
    third.cancel();
    third.cancel();
    expect(clock.timers).toBe(2);
    await clock.advance(100);
    expect(ran).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  test('counts the timers that keep a process alive', () => {
    const clock = virtualClock();
    const [first, second] = [clock.setTimer(() => {}, 10), clock.setTimer(() => {}, 20)];
    first.keepAlive(false);
    first.keepAlive(false);
    expect(clock.timers).toBe(1);
    first.keepAlive(true);
    expect(clock.timers).toBe(2);
    second.keepAlive(false);
    second.cancel();
    second.keepAlive(true);
    expect(clock.timers).toBe(1);
  });

  test('runs until nothing keeps the process alive', async () => {
    const clock = virtualClock();
    const ran: string[] = [];
    clock.setTimer(() => ran.push('housekeeping'), 500).keepAlive(false);
    clock.setTimer(() => ran.push('work'), 1_000);
    clock.setTimer(() => ran.push('more housekeeping'), 2_000).keepAlive(false);
    await clock.runAll();
    expect(ran).toEqual(['housekeeping', 'work']);
    expect(clock.now()).toBe(1_000);
  });

  test('gives up on a timer that sets itself for ever', async () => {
    const clock = virtualClock();
    const again = (): void => void clock.setTimer(again, 100);
    again();
    await clock.runAll(1_000);
    expect(clock.now()).toBe(1_000);
    expect(clock.timers).toBe(1);
  });

  test.each([-1, Number.NaN, Infinity])('cannot be moved by %d', async (ms) => {
    await expect(virtualClock().advance(ms)).rejects.toThrow(RangeError);
  });

  test('never goes back, however many move it at once', async () => {
    const moves = fc.array(fc.nat(100), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(moves, fc.array(fc.nat(100), { maxLength: 5 }), async (all, delays) => {
        const clock = virtualClock();
        const seen: number[] = [];
        for (const delayMs of delays) clock.setTimer(() => seen.push(clock.now()), delayMs);
        await Promise.all(all.map((ms) => clock.advance(ms)));
        seen.push(clock.now());
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        expect(clock.now()).toBe(Math.max(...all));
      }),
    );
  });
});
