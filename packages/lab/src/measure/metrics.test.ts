import { describe, expect, test } from 'vitest';
import { arrivalsOf } from '../scenario/arrivals.ts';
import { scaled } from '../scenario/scale.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { simulate } from '../sim/simulate.ts';
import { scenarioNamed, strategyNamed } from '../suite/names.ts';
import { measure } from './measure.ts';
import { optimalSuccesses } from './optimum.ts';
import { jain, quantile, spreadOf } from './statistics.ts';

describe('the oracle', () => {
  const optimum = (name: string, withinMs = Infinity): { calls: number; successes: number } => {
    const scenario = scenarioNamed(name);
    const arrivals = arrivalsOf(scenario, 1);
    return { calls: arrivals.at.length, successes: optimalSuccesses(scenario, arrivals, withinMs) };
  };

  test('serves everybody where the capacity suffices, but for those whom the end of the run cuts off', () => {
    for (const name of ['healthy', 'herd-wide', 'herd-deep', 'errors-20', 'silence-20', 'quota-batch']) {
      const { calls, successes } = optimum(name);
      expect(successes / calls, name).toBeGreaterThan(0.999);
    }
  });

  test('serves what the capacity allows in a brownout: all but 250 a second, less what can wait for its end', () => {
    const { calls, successes } = optimum('brownout');
    const lost = calls - successes;
    expect(lost).toBeGreaterThan(60 * 250 - 10 * 400 - 100);
    expect(lost).toBeLessThan(60 * 250);
  });

  test('lets a third of a batch through a window’s quota at once, and the fast ones are those', () => {
    expect(optimum('quota-batch', 2_000).successes).toBe(1_000);
  });

  test('is not beaten by any strategy by more than the grain of its steps', async () => {
    for (const scenario of standardScenarios.filter(({ name }) => /herd|quota|outage-refused/.test(name))) {
      for (const strategy of ['none', 'paced', 'ky']) {
        const { goodput } = measure(await simulate(scaled(scenario, 0.05), strategyNamed(strategy), 1));
        expect(goodput, `${scenario.name}, ${strategy}`).toBeLessThan(1.03);
      }
    }
  });
});

describe('statistics', () => {
  test('a quantile is the smallest value that covers its share', () => {
    const values = Float64Array.from([1, 2, 3, 4]);
    expect([0, 0.25, 0.5, 0.51, 1].map((q) => quantile(values, q))).toEqual([1, 1, 2, 3, 4]);
    expect(quantile(new Float64Array(), 0.5)).toBeNull();
  });

  test('Jain’s index is 1 for equals and 1/n where one has all', () => {
    expect(jain([2, 2, 2])).toBe(1);
    expect(jain([1, 0, 0, 0])).toBe(0.25);
    expect(jain([0, 0])).toBe(1);
  });

  test('never is more than any time', () => {
    expect(spreadOf([5, null, 1])).toEqual({ median: 5, least: 1, most: null });
    expect(spreadOf([null, null, 1])).toEqual({ median: null, least: 1, most: null });
  });
});
