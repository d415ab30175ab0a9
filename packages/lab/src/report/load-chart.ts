import * as Plot from '@observablehq/plot';
import type { Scenario } from '../scenario/scenario.ts';
import { allowedAt } from '../server/server-spec.ts';
import type { Cell } from '../suite/compare.ts';
import type { PlainCurves } from '../suite/plain-curves.ts';
import { COLOURS, chartDocument } from './chart-document.ts';

/** One panel of a load chart. */
interface Panel {
  readonly title: string;
  readonly column: number;
  readonly row: number;
}

interface Point extends Panel {
  readonly seconds: number;
  readonly attempts: number;
  readonly succeeded: number;
  readonly allowed: number;
}

const COLUMNS = 3;
const ROW_HEIGHT = 160;

/** A tenth of a pixel is as exact as a screen can be, and a third of the size. */
const LONG_FRACTION = /(\d\.\d)\d+/g;

/** Load curves of one scenario, a panel for each strategy: what came to the server, what ended well, what it could take. */
export function loadChart(
  scenario: Scenario,
  cells: readonly Cell[],
  { width, titleOf }: { readonly width: number; readonly titleOf: (strategy: string) => string },
): string {
  const panels = cells.map(({ strategy }, index) => panelOf(titleOf(strategy), index));
  const endS = visibleSeconds(scenario, cells);
  const points = cells.flatMap(({ curves }, index) => pointsOf(scenario, curves, panels[index], endS));
  const facet = { fx: 'column', fy: 'row', x: 'seconds' } as const;
  const chart = Plot.plot({
    document: chartDocument(),
    width,
    height: 40 + ROW_HEIGHT * Math.ceil(cells.length / COLUMNS),
    marginLeft: 56,
    marginTop: 24,
    style: { background: 'transparent', fontSize: '11px' },
    x: { label: 'seconds', nice: false, domain: [0, endS] },
    y: { label: null, grid: true, ticks: 4 },
    fx: { axis: null, domain: Array.from({ length: COLUMNS }, (_, column) => column) },
    fy: { axis: null, padding: 0.2 },
    marks: [
      Plot.areaY(points, { ...facet, y: 'attempts', fill: COLOURS.attempts, fillOpacity: 0.35, curve: 'step-after' }),
      Plot.line(points, { ...facet, y: 'attempts', stroke: COLOURS.attempts, strokeWidth: 1, curve: 'step-after' }),
      Plot.line(points, { ...facet, y: 'succeeded', stroke: COLOURS.succeeded, strokeWidth: 1.8, curve: 'step-after' }),
      Plot.line(points, {
        ...facet,
        y: 'allowed',
        stroke: COLOURS.capacity,
        strokeDasharray: '4 3',
        curve: 'step-after',
      }),
      Plot.text(panels, {
        fx: 'column',
        fy: 'row',
        text: 'title',
        frameAnchor: 'top-left',
        dy: -14,
        fontWeight: 'bold',
        fill: 'currentColor',
      }),
    ],
  });
  return chart.outerHTML.replace(LONG_FRACTION, '$1');
}

function panelOf(title: string, index: number): Panel {
  return { title, column: index % COLUMNS, row: Math.floor(index / COLUMNS) };
}

function pointsOf(scenario: Scenario, curves: PlainCurves, panel: Panel | undefined, endS: number): Point[] {
  if (panel === undefined) return [];
  const perSecond = 1000 / curves.binMs;
  const points = curves.attempts.flatMap((attempts, bin) => {
    const seconds = (bin * curves.binMs) / 1000;
    if (seconds >= endS) return [];
    const allowed = allowedAt(scenario.server, scenario.phases, (bin + 0.5) * curves.binMs);
    const succeeded = (curves.succeeded[bin] ?? 0) * perSecond;
    return [{ ...panel, seconds, attempts: attempts * perSecond, succeeded, allowed }];
  });
  // The last step has a width like all others.
  const last = points.at(-1);
  return last === undefined ? [] : [...points, { ...last, seconds: endS }];
}

/** A batch is over when nothing more happens; the rest of its minute would only be empty paper. */
function visibleSeconds({ endMs, load }: Scenario, cells: readonly Cell[]): number {
  if (load.kind === 'open') return endMs / 1000;
  const lastBin = (curve: readonly number[]): number => curve.findLastIndex((count) => count > 0);
  return Math.max(
    2,
    ...cells.map(({ curves }) =>
      Math.ceil(((1 + Math.max(lastBin(curves.attempts), lastBin(curves.succeeded))) * curves.binMs) / 1000),
    ),
  );
}
