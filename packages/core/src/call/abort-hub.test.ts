import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AbortHub, type Follower } from './abort-hub.ts';

class Caller implements Follower {
  readonly reasons: unknown[] = [];

  aborted(reason: unknown): void {
    this.reasons.push(reason);
  }
}

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('whoever follows a signal', () => {
  test('is told of its abort at once, with the very reason', () => {
    const hub = new AbortHub();
    const controller = new AbortController();
    const callers = [new Caller(), new Caller(), new Caller()];
    for (const caller of callers) hub.follow(controller.signal, caller);
    const reason = new Error('enough');
    controller.abort(reason);
    for (const { reasons } of callers) {
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toBe(reason);
    }
  });

  test('is not told any more after leaving, in whatever order they leave', () => {
    const hub = new AbortHub();
    const controller = new AbortController();
    const [first, second, third] = [new Caller(), new Caller(), new Caller()];
    for (const caller of [first, second, third]) hub.follow(controller.signal, caller);
    hub.leave(controller.signal, first);
    hub.leave(controller.signal, third);
    hub.leave(controller.signal, third);
    controller.abort();
    expect([first, second, third].map(({ reasons }) => reasons.length)).toEqual([0, 1, 0]);
  });

  test('hears nothing of other signals', () => {
    const hub = new AbortHub();
    const [mine, other] = [new AbortController(), new AbortController()];
    const caller = new Caller();
    hub.follow(mine.signal, caller);
    hub.leave(other.signal, caller);
    other.abort();
    expect(caller.reasons).toEqual([]);
    mine.abort('mine');
    expect(caller.reasons).toEqual(['mine']);
  });

  test('may leave while the abort is told', () => {
    const hub = new AbortHub();
    const { signal, ...controller } = controllerOf();
    const told: number[] = [];
    const callers = [1, 2, 3].map((number) => {
      const caller: Follower = {
        aborted: () => {
          told.push(number);
          hub.leave(signal, caller);
        },
      };
      return caller;
    });
    for (const caller of callers) hub.follow(signal, caller);
    controller.abort();
    expect(told).toEqual([1, 2, 3]);
    expect(listenersOf(signal)).toBe(0);
  });
});

describe('a signal', () => {
  test('gets one listener for any number of calls, without a warning, and loses it with the last', () => {
    const hub = new AbortHub();
    const { signal } = controllerOf();
    const callers = Array.from({ length: 1_000 }, () => new Caller());
    for (const caller of callers) hub.follow(signal, caller);
    expect(listenersOf(signal)).toBe(1);
    for (const caller of callers) hub.leave(signal, caller);
    expect(listenersOf(signal)).toBe(0);
  });

  test('that is used by one call after the other has its listener only while one follows', () => {
    const hub = new AbortHub();
    const { signal } = controllerOf();
    for (let call = 0; call < 3; call += 1) {
      const caller = new Caller();
      hub.follow(signal, caller);
      expect(listenersOf(signal)).toBe(1);
      hub.leave(signal, caller);
      expect(listenersOf(signal)).toBe(0);
    }
  });
});

test('whoever comes and leaves, all that are left are told once, and a listener is there if anybody is', () => {
  const step = fc.record({ caller: fc.nat(5), what: fc.constantFrom('follow', 'leave') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const hub = new AbortHub();
      const { signal, abort } = controllerOf();
      const callers = Array.from({ length: 6 }, () => new Caller());
      const following = new Set<Caller>();
      for (const { caller: index, what } of steps) {
        const caller = callers[index]!;
        hub.leave(signal, caller);
        following.delete(caller);
        if (what === 'follow') {
          hub.follow(signal, caller);
          following.add(caller);
        }
        expect(listenersOf(signal)).toBe(Math.sign(following.size));
      }
      abort();
      for (const caller of callers) expect(caller.reasons).toHaveLength(following.has(caller) ? 1 : 0);
    }),
  );
});

function controllerOf(): { signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
