import { describe, expect, test } from 'vitest';
import { measure } from '../measure/measure.ts';
import { scaled } from '../scenario/scale.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import { scenarioNamed, strategyNamed } from '../suite/names.ts';
import { simulate } from './simulate.ts';

const small = scaled({ ...scenarioNamed('outage-refused'), endMs: 45_000 }, 0.04);

describe('a run', () => {
  test.each(standardStrategies)(
    'of $name is the same to the bit with the same seed, and another with another',
    async (strategy) => {
      const [one, two, other] = await Promise.all([1, 1, 2].map((seed) => simulate(small, strategy, seed)));
      expect(two).toEqual(one);
      expect(other!.calls.arrivedAt).not.toEqual(one!.calls.arrivedAt);
    },
  );

  test('settles every call, whatever the strategy', async () => {
    for (const strategy of standardStrategies) {
      const { calls } = await simulate(small, strategy, 1);
      expect(calls.settledAt.findIndex(Number.isNaN), strategy.name).toBe(-1);
    }
  });

  test('gives every strategy the same calls', async () => {
    const runs = await Promise.all(['none', 'paced', 'ky'].map((name) => simulate(small, strategyNamed(name), 1)));
    expect(runs[1]!.calls.arrivedAt).toEqual(runs[0]!.calls.arrivedAt);
    expect(runs[2]!.calls.process).toEqual(runs[0]!.calls.process);
  });

  test('counts an attempt at the server for each that a client sends', async () => {
    const { calls, curves } = await simulate(small, strategyNamed('jittered'), 1);
    const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
    expect(sum(curves.attempts)).toBe(sum(calls.attempts));
    expect(sum(curves.succeeded)).toBe(sum(calls.succeeded));
  });
});

describe('what the lab is there to show', () => {
  const figures = async (scenario: string, strategy: string): Promise<Record<string, number | null>> =>
    measure(await simulate(scaled(scenarioNamed(scenario), 0.1), strategyNamed(strategy), 1));

  test('retries keep a server down long after the cause is gone; without retries it recovers', async () => {
    expect((await figures('metastable-slowdown', 'none')).recoveryMs).toBeLessThan(30_000);
    for (const strategy of ['simple', 'exponential', 'jittered']) {
      expect((await figures('metastable-slowdown', strategy)).recoveryMs, strategy).toBeNull();
    }
  });

  test('a paced herd sends less at its worst moment, and in all, than one that only backs off', async () => {
    const paced = await figures('herd-deep', 'paced');
    const jittered = await figures('herd-deep', 'jittered');
    expect(paced.peakLoad).toBeLessThan(jittered.peakLoad! / 4);
    expect(paced.attemptsPerCall).toBeLessThan(jittered.attemptsPerCall! / 2);
    expect(paced.goodput).toBeGreaterThan(jittered.goodput! * 4);
  });

  test('nobody costs a healthy server anything', async () => {
    for (const { name } of standardStrategies) {
      expect((await figures('healthy', name)).attemptsPerCall, name).toBeCloseTo(1, 2);
    }
  });
});
