import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import { InputError } from '../policy/json-policy.ts';
import { multiplied, numbersIn, type PolicyNumber } from '../policy/numbers-in.ts';
import { type OwnPolicy, ownStrategy, writtenPolicy } from '../policy/own-strategy.ts';
import { formatFigure } from '../report/format.ts';
import type { Cell } from '../suite/compare.ts';
import { find } from '../suite/names.ts';
import { tableLines } from '../terminal/table.ts';
import { numberOf, readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { PLAN_OPTIONS, planOf } from './plan-of.ts';
import { runPlan } from './run-plan.ts';

const FACTORS: readonly number[] = [0.5, 2];

/** One number of the policy, changed. */
interface Change {
  readonly number: string;
  readonly from: PolicyNumber;
  readonly to: PolicyNumber;
  readonly policy: OwnPolicy;
}

/** What a change did to the figure, over the scenarios. */
interface Effect extends Pick<Change, 'number' | 'from' | 'to'> {
  readonly mean: number;
  readonly change: number;
  /** Where it did the most harm. */
  readonly worst: { readonly scenario: string; readonly change: number };
}

export const sensitivity: Command = {
  name: 'sensitivity',
  usage:
    'sensitivity [scenario…] --policy file.json|.ts [--figure score] [--seeds 5] [--quick] [--threads 2] [--json], and the flags of sim',
  does: 'Halves and doubles every number that a policy states, one at a time, and shows what becomes of a figure.',
  run: async (args, { out, err }) => {
    const parsed = readArguments(args, { figure: { type: 'string' }, ...PLAN_OPTIONS });
    const metric = find('figure', String(parsed.values.figure ?? 'score'), standardMetrics);
    const plan = await planOf(parsed);
    const [policy, other] = plan.own ?? [];
    if (policy === undefined || other !== undefined)
      throw new InputError('Expected one policy, from --policy or flags');
    const changes = await changesOf(policy, (note) => err.write(`${note}\n`));
    const own = [policy, ...changes.map((change) => change.policy)];
    const { cells } = await runPlan(
      { ...plan, own, strategies: own.map(({ name }) => name) },
      err,
      numberOf(parsed, 'threads', { from: 1, whole: true }),
    );
    const base = valuesOf(cells, policy.name, metric);
    const effects = changes.map((change) =>
      effectOf(change, base, valuesOf(cells, change.policy.name, metric), metric),
    );
    out(
      parsed.values.json === true
        ? `${JSON.stringify({ figure: metric.name, effects }, null, 2)}\n`
        : textOf(metric, base, effects),
    );
  },
};

/** Every change that the engine accepts; the others are told. */
async function changesOf(policy: OwnPolicy, tell: (note: string) => void): Promise<Change[]> {
  const candidates = numbersIn(await writtenPolicy(policy)).flatMap(({ at, number }) =>
    FACTORS.map((factor) => ({ at, from: number, factor })),
  );
  const changes: Change[] = [];
  for (const { at, from, factor } of candidates) {
    const number = at.join('.');
    const changeTo = (to: PolicyNumber): Change => ({
      number,
      from,
      to,
      policy: { ...policy, name: `${number} ${to}`, changed: { at, number: to } },
    });
    const exact = changeTo(multiplied(from, factor, false));
    const rounded = changeTo(multiplied(from, factor, true));
    const refusal = await refusalOf(exact);
    const change = refusal !== undefined && (await refusalOf(rounded)) === undefined ? rounded : exact;
    if (refusal !== undefined && change === exact) tell(`Left out: ${refusal}`);
    else if (change.to !== from) changes.push(change);
  }
  if (changes.length > 0) return changes;
  throw new InputError('The policy states no number that could be changed');
}

/** Why the engine would not take it. */
async function refusalOf({ policy }: Change): Promise<string | undefined> {
  try {
    await ownStrategy(policy);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** A figure by scenario, as far as it has a number there. */
function valuesOf(cells: readonly Cell[], strategy: string, metric: Metric): ReadonlyMap<string, number> {
  const entries = cells
    .filter((cell) => cell.strategy === strategy)
    .map(({ scenario, figures }) => [scenario, figures[metric.name]?.median ?? Number.NaN] as const);
  return new Map(entries.filter(([, value]) => !Number.isNaN(value)));
}

function effectOf(
  { number, from, to }: Change,
  base: ReadonlyMap<string, number>,
  values: ReadonlyMap<string, number>,
  { better }: Metric,
): Effect {
  const sign = better === 'higher' ? 1 : -1;
  let worst = { scenario: '', change: 0 };
  for (const [scenario, value] of values) {
    const change = value - (base.get(scenario) ?? value);
    if (sign * change < sign * worst.change) worst = { scenario, change };
  }
  const mean = meanOf(values);
  return { number, from, to, mean, change: mean - meanOf(base), worst };
}

function meanOf(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0) / values.size;
}

function textOf(metric: Metric, base: ReadonlyMap<string, number>, effects: readonly Effect[]): string {
  const signed = (change: number): string => `${change < 0 ? '−' : '+'}${formatFigure(Math.abs(change), metric.unit)}`;
  const rows = effects.map(({ number, from, to, mean, change, worst }) => [
    number,
    `${from} → ${to}`,
    formatFigure(mean, metric.unit),
    signed(change),
    signed(worst.change),
    worst.scenario,
  ]);
  return [
    `${metric.title}, ${metric.means}: mean over ${base.size} scenarios; as written ${formatFigure(meanOf(base), metric.unit)}`,
    ...tableLines([['number', 'changed', 'mean', 'change', 'worst change', 'in'], ...rows]).map((line) => `  ${line}`),
    '',
  ].join('\n');
}
