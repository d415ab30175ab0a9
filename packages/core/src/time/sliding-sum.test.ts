import { expect, test } from 'vitest';
import { SlidingSum } from './sliding-sum.ts';

test('counts what happened within the window, in steps of a tenth', () => {
  const sum = new SlidingSum(1000, 0);
  for (const at of [0, 50, 450, 999]) sum.add(at);
  expect(sum.total(999)).toBe(4);
  expect(sum.total(1000)).toBe(2);
  expect(sum.total(1399)).toBe(2);
  expect(sum.total(1400)).toBe(1);
  expect(sum.total(1900)).toBe(0);
});

test('a rest longer than the window empties it, and counting goes on', () => {
  const sum = new SlidingSum(1000, 0);
  for (let n = 0; n < 7; n += 1) sum.add(10 * n);
  expect(sum.total(1e9)).toBe(0);
  sum.add(1e9 + 10);
  expect(sum.total(1e9 + 500)).toBe(1);
});

test('takes back the last, and nothing where there is nothing', () => {
  const sum = new SlidingSum(1000, 0);
  sum.takeBack();
  sum.add(0);
  sum.add(500);
  sum.takeBack();
  expect(sum.total(950)).toBe(1);
  expect(sum.total(1000)).toBe(0);
  sum.takeBack();
  expect(sum.total(1000)).toBe(0);
});

test('keeps what it has counted when its window changes: each tenth has as many tenths left as before', () => {
  const sum = new SlidingSum(1000, 0);
  sum.add(0);
  sum.add(500);
  sum.resize(10_000, 600);
  expect(sum.total(4599)).toBe(2);
  expect(sum.total(4600)).toBe(1);
  expect(sum.total(9600)).toBe(0);
});
