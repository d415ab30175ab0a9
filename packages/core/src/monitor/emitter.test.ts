import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { Emitter } from './emitter.ts';
import type { PaceEvent, PaceEventType, PaceListener } from './events.ts';

const event = (at: number): PaceEvent => ({ type: 'released', at, host: 'api.example.com' });

function emitterWith(...listeners: readonly PaceListener[]): Emitter {
  const emitter = new Emitter();
  for (const listener of listeners) emitter.subscribe(listener);
  return emitter;
}

describe('an emitter', () => {
  test('tells every listener every event, in order', () => {
    const told: string[] = [];
    const emitter = emitterWith(
      ({ at }) => told.push(`first ${at}`),
      ({ at }) => told.push(`second ${at}`),
    );
    emitter.emit(event(1));
    emitter.emit(event(2));
    expect(told).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
  });

  test('is listening to a type only while somebody is subscribed to it', () => {
    const emitter = new Emitter();
    const heard = () => [emitter.listening.retry, emitter.listening.held, emitter.listening.released];
    expect(heard()).toEqual([false, false, false]);
    const [end, endOther] = [emitter.subscribe(() => {}, ['retry', 'held']), emitter.subscribe(() => {}, ['held'])];
    expect(heard()).toEqual([true, true, false]);
    end();
    end();
    expect(heard()).toEqual([false, true, false]);
    const endAll = emitter.subscribe(() => {});
    expect(heard()).toEqual([true, true, true]);
    endOther();
    endAll();
    expect(heard()).toEqual([false, false, false]);
  });

  test('tells a listener only what it asked for', () => {
    const [everything, releases, retries] = [vi.fn(), vi.fn(), vi.fn()];
    const emitter = emitterWith(everything);
    emitter.subscribe(releases, ['released', 'held']);
    emitter.subscribe(retries, ['retry']);
    emitter.emit(event(1));
    expect([everything, releases, retries].map((listener) => listener.mock.calls.length)).toEqual([1, 1, 0]);
  });

  test('refuses a type that there is not, and then listens to none', () => {
    const emitter = new Emitter();
    const types = ['retry', 'retries'] as unknown as PaceEventType[];
    expect(() => emitter.subscribe(() => {}, types)).toThrow(
      /^subscribe: unknown event type 'retries'; known are queued, /,
    );
    expect(emitter.listening.retry).toBe(false);
  });

  test('takes the same function twice, and each end is its own', () => {
    const listener = vi.fn();
    const emitter = new Emitter();
    const end = emitter.subscribe(listener);
    emitter.subscribe(listener);
    emitter.emit(event(1));
    expect(listener).toHaveBeenCalledTimes(2);
    end();
    emitter.emit(event(2));
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test('lets a listener subscribe others and leave while it is told', () => {
    const emitter = new Emitter();
    const late = vi.fn();
    const once = vi.fn(() => {
      end();
      emitter.subscribe(late);
    });
    const end = emitter.subscribe(once);
    emitter.emit(event(1));
    emitter.emit(event(2));
    expect(once).toHaveBeenCalledOnce();
    expect(late.mock.calls).toEqual([[event(2)]]);
  });

  test('tells what a listener brings about after what it was told, to all in the same order', () => {
    const told: string[] = [];
    const emitter: Emitter = emitterWith(
      ({ at }) => {
        told.push(`first ${at}`);
        if (at < 3) emitter.emit(event(at + 1));
      },
      ({ at }) => told.push(`second ${at}`),
    );
    emitter.emit(event(1));
    expect(told).toEqual(['first 1', 'second 1', 'first 2', 'second 2', 'first 3', 'second 3']);
  });

  test('bears any number of events that bring about the next', () => {
    let last = 0;
    const emitter: Emitter = emitterWith(({ at }) => {
      last = at;
      if (at < 100_000) emitter.emit(event(at + 1));
    });
    emitter.emit(event(1));
    expect(last).toBe(100_000);
  });

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, 'object'],
    ['log', 'string'],
  ])('refuses %o for a listener', (listener, kind) => {
    expect(() => new Emitter().subscribe(listener as unknown as PaceListener)).toThrow(
      new TypeError(`subscribe: expected a function, got ${kind}`),
    );
  });
});

describe('R15: a listener that throws', () => {
  let error: MockInstance<typeof console.error>;
  beforeEach(() => {
    error = vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => error.mockRestore());

  const broken = (): void => {
    throw new Error('broken');
  };

  test('changes nothing for the others, nor for whoever emits', () => {
    const healthy = vi.fn();
    const emitter = emitterWith(broken, healthy);
    emitter.emit(event(1));
    emitter.emit(event(2));
    expect(healthy).toHaveBeenCalledTimes(2);
  });

  test('is reported once, and each of several', () => {
    const emitter = emitterWith(broken, broken);
    for (let at = 0; at < 5; at += 1) emitter.emit(event(at));
    expect(error.mock.calls).toHaveLength(2);
    expect(error.mock.calls[0]?.[1]).toEqual(new Error('broken'));
  });
});
