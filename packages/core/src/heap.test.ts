import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Heap } from './heap.ts';

interface Item {
  readonly rank: number;
}

const heap = (): Heap<Item> => new Heap((a, b) => a.rank < b.rank);
const ranks = fc.array(fc.integer({ min: 0, max: 20 }));

function drain(full: Heap<Item>): number[] {
  const drained: number[] = [];
  for (let first = full.first; first !== undefined; first = full.first) {
    drained.push(first.rank);
    full.shift();
  }
  return drained;
}

function filled(from: readonly number[]): Heap<Item> {
  const full = heap();
  for (const rank of from) full.push({ rank });
  return full;
}

const sorted = (from: readonly number[]): number[] => from.toSorted((a, b) => a - b);

describe('a heap', () => {
  test('gives back what was put in, in order', () => {
    fc.assert(
      fc.property(ranks, (from) => {
        expect(drain(filled(from))).toEqual(sorted(from));
      }),
    );
  });

  test('has the earliest in front after any pushes, shifts and purges', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ push: fc.integer({ min: 0, max: 20 }) }) },
      { weight: 2, arbitrary: fc.constant('shift' as const) },
      fc.record({ purge: fc.integer({ min: 2, max: 5 }) }),
    );
    const run = fc.array(step, { maxLength: 200 });
    fc.assert(
      fc.property(run, (steps) => {
        const tested = heap();
        let model: number[] = [];
        for (const action of steps) {
          if (action === 'shift') {
            tested.shift();
            model.shift();
          } else if ('push' in action) {
            tested.push({ rank: action.push });
            model = sorted([...model, action.push]);
          } else {
            tested.retain(({ rank }) => rank % action.purge !== 0);
            model = model.filter((rank) => rank % action.purge !== 0);
          }
          expect(tested.first?.rank).toBe(model[0]);
          expect(tested.size).toBe(model.length);
        }
        expect(sorted(Array.from(tested, ({ rank }) => rank))).toEqual(model);
      }),
    );
  });

  test('that is empty has no first, and a shift changes nothing', () => {
    const empty = heap();
    empty.shift();
    expect([empty.first, empty.size]).toEqual([undefined, 0]);
  });
});
