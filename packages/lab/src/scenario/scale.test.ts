import { expect, test } from 'vitest';
import { scenarioNamed } from '../suite/names.ts';
import { arrivalsOf } from './arrivals.ts';
import { scaled } from './scale.ts';
import type { Scenario } from './scenario.ts';

const calls = Array.from({ length: 10 }, (_, index) => ({ at: 100 * index, process: index % 4 }));
const planned: Scenario = { ...scenarioNamed('healthy'), load: { kind: 'planned', processes: 4, calls } };

test('planned calls come when they were planned, whatever the seed', () => {
  const { at, process } = arrivalsOf(planned, 7);
  expect([...at]).toEqual(calls.map((call) => call.at));
  expect([...process]).toEqual(calls.map((call) => call.process));
});

test('half of a plan is every second call, twice a plan each of them from two processes', () => {
  const half = arrivalsOf(scaled(planned, 0.5), 1);
  expect([...half.at]).toEqual([100, 300, 500, 700, 900]);
  expect(Math.max(...half.process)).toBeLessThan(2);
  const twice = arrivalsOf(scaled(planned, 2), 1);
  expect([...twice.at.slice(0, 4)]).toEqual([0, 0, 100, 100]);
  expect([...twice.process.slice(0, 4)]).toEqual([0, 1, 1, 2]);
});
