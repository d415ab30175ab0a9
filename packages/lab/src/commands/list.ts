import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { variations } from '../scenario/variations.ts';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { wrapped } from '../terminal/table.ts';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';

const WIDTH = 100;

export const list: Command = {
  name: 'list',
  usage: 'list [--json]',
  does: 'Explains every scenario, strategy, variation and figure.',
  run: async (args, { out }) => {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    out(values.json === true ? `${JSON.stringify(asJson(), null, 2)}\n` : asText());
  },
};

function asJson(): unknown {
  return {
    scenarios: standardScenarios,
    strategies: standardStrategies.map(({ open: _open, ...about }) => about),
    variations: variations.map(({ name, does }) => ({ name, does })),
    metrics: standardMetrics.map(({ of: _of, ...about }) => about),
  };
}

function asText(): string {
  return [
    heading('Scenarios'),
    ...standardScenarios.flatMap(scenarioLines),
    heading('Strategies'),
    ...standardStrategies.flatMap(strategyLines),
    heading('Variations'),
    '  As in brownout@zipf, all@zipf, brownout@all.\n',
    ...variations.map(({ name, does }) => `  ${name}: ${does}`),
    heading('Figures'),
    '  Medians over the seeds; these are their names in --figure and JSON.\n',
    ...standardMetrics.flatMap(metricLines),
    '',
  ].join('\n');
}

function scenarioLines({ name, title, models, optimum }: Scenario): string[] {
  return [
    `  ${name}: ${title}`,
    ...wrapped(models, WIDTH, '      '),
    ...wrapped(`Optimum: ${optimum}`, WIDTH, '      '),
    '',
  ];
}

function strategyLines({ name, title, does, told, source }: Strategy): string[] {
  return [
    `  ${name}: ${title}`,
    ...wrapped(does, WIDTH, '      '),
    ...wrapped(`Told: ${told}.`, WIDTH, '      '),
    ...(source === undefined ? [] : wrapped(`Source: ${source}`, WIDTH, '      ')),
    '',
  ];
}

function metricLines({ name, title, means }: Metric): string[] {
  return [`  ${name === title ? name : `${name} (in tables: ${title})`}`, ...wrapped(means, WIDTH, '      ')];
}

function heading(text: string): string {
  return `\n${text.toUpperCase()}\n`;
}
