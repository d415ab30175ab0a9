import type { Metric } from '../measure/metric.ts';
import { standardMetrics } from '../measure/metrics.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Cell } from '../suite/compare.ts';

/** The steps of the story, in order. */
export const STEPS: readonly string[] = ['simple', 'exponential', 'jittered', 'paced'];

/** What a layer is judged by. */
const JUDGED: readonly string[] = ['peakLoad', 'attemptsPerCall', 'goodput'];

/** A change of less than this share is none. */
const NOTICEABLE = 0.05;

/** What adding one layer did to one figure. */
export interface LayerEffect {
  readonly metric: Metric;
  readonly before: number | null | undefined;
  readonly after: number | null | undefined;
  readonly verdict: 'better' | 'worse' | 'no difference';
}

/** What one layer did in one scenario. */
export interface LayerStep {
  readonly scenario: Scenario;
  readonly from: string;
  readonly to: string;
  readonly effects: readonly LayerEffect[];
}

/** What each layer added, scenario by scenario; empty where the ladder was not simulated. */
export function layerSteps(scenarios: readonly Scenario[], cells: readonly Cell[]): LayerStep[] {
  return scenarios.flatMap((scenario) =>
    STEPS.slice(1).flatMap((to, index) => {
      const from = STEPS[index] ?? '';
      const before = cellOf(cells, scenario.name, from);
      const after = cellOf(cells, scenario.name, to);
      if (before === undefined || after === undefined) return [];
      return [{ scenario, from, to, effects: JUDGED.map((name) => effectOf(name, before, after)) }];
    }),
  );
}

/** What one layer did to one figure, over all scenarios. */
export interface LayerSummary {
  readonly from: string;
  readonly to: string;
  readonly metric: Metric;
  /** Names of the scenarios. */
  readonly better: readonly string[];
  readonly same: readonly string[];
  readonly worse: readonly string[];
}

/** Where each layer helped, and where it did harm or nothing. */
export function layerSummaries(steps: readonly LayerStep[]): LayerSummary[] {
  return STEPS.slice(1).flatMap((to) => {
    const own = steps.filter((step) => step.to === to);
    const [first] = own;
    if (first === undefined) return [];
    return first.effects.map(({ metric }, index) => {
      const withVerdict = (verdict: LayerEffect['verdict']): string[] =>
        own.filter(({ effects }) => effects[index]?.verdict === verdict).map(({ scenario }) => scenario.name);
      return {
        from: first.from,
        to,
        metric,
        better: withVerdict('better'),
        same: withVerdict('no difference'),
        worse: withVerdict('worse'),
      };
    });
  });
}

/** The cell of a scenario and a strategy. */
export function cellOf(cells: readonly Cell[], scenario: string, strategy: string): Cell | undefined {
  return cells.find((cell) => cell.scenario === scenario && cell.strategy === strategy);
}

function effectOf(name: string, beforeCell: Cell, afterCell: Cell): LayerEffect {
  const metric = standardMetrics.find((each) => each.name === name);
  if (metric === undefined) throw new RangeError(`There is no figure '${name}'`);
  const before = beforeCell.figures[name]?.median;
  const after = afterCell.figures[name]?.median;
  return { metric, before, after, verdict: verdictOf(metric, before, after) };
}

function verdictOf(
  { better }: Metric,
  before: number | null | undefined,
  after: number | null | undefined,
): LayerEffect['verdict'] {
  const a = before ?? Infinity;
  const b = after ?? Infinity;
  if (a === b || Math.abs(b - a) < NOTICEABLE * Math.max(Math.abs(a), Math.abs(b))) return 'no difference';
  return b > a === (better === 'higher') ? 'better' : 'worse';
}
