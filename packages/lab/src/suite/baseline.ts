import type { Cell } from './compare.ts';

/** Figures that were reviewed: scenario, strategy, figure. null is never. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number | null>>>>>>;

/** The figures that a change of behaviour would show in. */
const KEY_FIGURES: readonly string[] = [
  'goodput',
  'fastGoodput',
  'attemptsPerCall',
  'wastedWork',
  'peakLoad',
  'recoveryMs',
  'p99Ms',
  'score',
];

/**
 * A run is deterministic, but a few functions of the runtime's mathematics may differ in their last bit between its versions,
 * and a simulation carries that on.
 */
const TOLERANCE = 0.02;

/** What a quick suite's cells come to. */
export function baselineOf(cells: readonly Cell[]): Baseline {
  const baseline: Record<string, Record<string, Record<string, number | null>>> = {};
  for (const { scenario, strategy, figures } of cells) {
    const entries = KEY_FIGURES.flatMap((name) => {
      const spread = figures[name];
      return spread === undefined ? [] : [[name, spread.median] as const];
    });
    baseline[scenario] = { ...baseline[scenario], [strategy]: Object.fromEntries(entries) };
  }
  return baseline;
}

/** What differs, a line for each figure, of what `current` has; empty if nothing does. */
export function differences(baseline: Baseline, current: Baseline): string[] {
  return Object.entries(current).flatMap(([scenario, strategies]) =>
    Object.entries(strategies).flatMap(([strategy, figures]) =>
      Object.entries(figures).flatMap(([name, is]) => {
        const was = baseline[scenario]?.[strategy]?.[name];
        return isSame(was, is) ? [] : [`${scenario}, ${strategy}: ${name} was ${show(was)}, is ${show(is)}`];
      }),
    ),
  );
}

function isSame(was: number | null | undefined, is: number | null): boolean {
  if (typeof was !== 'number' || is === null) return was === is;
  return Math.abs(was - is) <= TOLERANCE * Math.max(1, Math.abs(was), Math.abs(is));
}

function show(figure: number | null | undefined): string {
  return figure === undefined ? 'not there' : String(figure ?? 'never');
}
