import { describe, expect, test } from 'vitest';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { nominalCapacity } from '../server/server-spec.ts';
import { scenarioNamed, scenariosNamed } from '../suite/names.ts';
import { variations } from './variations.ts';

describe('a variation', () => {
  test.each(variations)('$name changes some scenarios, and of none its name or its trouble', ({ of }) => {
    expect(standardScenarios.some((scenario) => of(scenario) !== scenario)).toBe(true);
    for (const scenario of standardScenarios) {
      expect(of(scenario)).toMatchObject({ name: scenario.name, phases: scenario.phases, endMs: scenario.endMs });
    }
  });

  test('of the service time leaves the capacity as it is, one of the size doubles it', () => {
    const capacityOf = (name: string): number => nominalCapacity(scenarioNamed(name).server);
    expect(capacityOf('brownout@service-20')).toBe(capacityOf('brownout'));
    expect(capacityOf('brownout@service-500')).toBe(capacityOf('brownout'));
    expect(capacityOf('brownout@size-2')).toBe(2 * capacityOf('brownout'));
  });

  test('of the load asks for 95 % of the capacity, whatever it was before', () => {
    expect(scenarioNamed('errors-50@load-95').load).toMatchObject({ perSecond: 475 });
  });
});

describe('a name for several scenarios', () => {
  test('leaves out those of which the variation changes nothing', () => {
    const names = scenariosNamed('all@load-95').map(({ name }) => name);
    expect(names).toContain('brownout@load-95');
    expect(names).not.toContain('quota-steady@load-95');
    expect(names).not.toContain('herd-wide@load-95');
  });

  test('stands for every scenario, or for every variation of one', () => {
    expect(scenariosNamed('all')).toEqual(standardScenarios);
    expect(scenariosNamed('brownout@all').map(({ name }) => name)).toEqual(
      variations.map(({ name }) => `brownout@${name}`),
    );
  });
});
