import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JournalBook } from './journal.ts';

function journalOf(...arrivals: readonly (readonly [call: string, at: number])[]): JournalBook {
  const journal = new JournalBook();
  for (const [call, at] of arrivals) journal.enter(new Request('https://api.example.com/'), call, at);
  return journal;
}

test('the order of arrivals and the attempts of each call can be read off', () => {
  const journal = journalOf(['a', 0], ['b', 1], ['a', 2], ['a', 3]);
  expect(journal.order()).toEqual(['a', 'b', 'a', 'a']);
  expect(journal.attempts()).toEqual({ a: 3, b: 1 });
  expect(journal.entries.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3]);
  expect([journal.count(), journal.count(({ call }) => call === 'a')]).toEqual([4, 3]);
});

describe('the peak', () => {
  test('counts what arrived within less than the window', () => {
    const journal = journalOf(['a', 0], ['a', 400], ['a', 999], ['a', 1_000], ['a', 5_000]);
    expect([journal.peak(1), journal.peak(500), journal.peak(1_000), journal.peak(10_000)]).toEqual([1, 2, 3, 5]);
  });

  test('of nothing is nothing, and a window has a length', () => {
    expect(journalOf().peak(100)).toBe(0);
    expect(() => journalOf().peak(0)).toThrow(new RangeError('windowMs: expected a number from 1, got 0'));
  });

  test('is the largest count of any window that begins with an arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 200 }), (gaps, windowMs) => {
        let now = 0;
        const times = gaps.map((gap) => (now += gap));
        const counts = times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length);
        expect(journalOf(...times.map((at) => ['a', at] as const)).peak(windowMs)).toBe(Math.max(0, ...counts));
      }),
    );
  });
});

test('arrived resolves for those who wait for no more than has come', async () => {
  const journal = journalOf(['a', 0]);
  await journal.arrived(1);
  const reached: number[] = [];
  const three = journal.arrived(3).then(() => reached.push(3));
  const two = journal.arrived(2).then(() => reached.push(2));
  journal.enter(new Request('https://api.example.com/'), 'a', 1);
  await two;
  expect(reached).toEqual([2]);
  journal.enter(new Request('https://api.example.com/'), 'a', 2);
  await three;
});

test('clear forgets requests and attempts', () => {
  const journal = journalOf(['a', 0], ['a', 1]);
  journal.clear();
  expect([journal.count(), journal.attempts()]).toEqual([0, {}]);
  expect(journal.enter(new Request('https://api.example.com/'), 'a', 2).attempt).toBe(1);
});
