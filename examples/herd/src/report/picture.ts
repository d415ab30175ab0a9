import { Error as LogErrors, parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Arrival } from '../server/load.ts';

/** What one strategy's curve is drawn from. */
export interface Curve {
  readonly name: string;
  readonly arrivals: readonly Arrival[];
}

const BIN_MS = 100;

/** A page that needs nothing else: the load curve of each strategy at the server, against what the server can serve. */
export async function pageOf(curves: readonly Curve[], capacityIn100Ms: number): Promise<string> {
  const light = await svgOf(curves, capacityIn100Ms, '#222');
  const dark = await svgOf(curves, capacityIn100Ms, '#ddd');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The herd at the server</title>
<style>
  body { margin: 2rem; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; }
  svg { max-width: 100%; height: auto; }
  .dark { display: none; }
  @media screen and (prefers-color-scheme: dark) {
    body { color: #ddd; background: #161616; }
    .light { display: none; }
    .dark { display: block; }
  }
</style>
<h1>The herd at the server</h1>
<p>Requests that reached the server in each 100 ms, by strategy. The dashed line is what the server can serve in that
time at full speed; what is above it is turned away. Scales are the same for all.</p>
<div class="light">${light}</div>
<div class="dark">${dark}</div>
</html>
`;
}

async function svgOf(curves: readonly Curve[], capacityIn100Ms: number, ink: string): Promise<string> {
  const { spec } = compile(chartOf(curves, capacityIn100Ms, ink));
  const view = new View(parse(spec), { renderer: 'none', logLevel: LogErrors });
  return view.toSVG();
}

function chartOf(curves: readonly Curve[], capacityIn100Ms: number, ink: string): TopLevelSpec {
  const data = { values: curves.flatMap(binned) };
  const x = { field: 'second', type: 'quantitative', title: 'seconds since the start' } as const;
  const y = { field: 'requests', type: 'quantitative', title: 'requests in 100 ms' } as const;
  return {
    data,
    background: 'transparent',
    facet: { row: { field: 'strategy', sort: curves.map(({ name }) => name), title: null } },
    spec: {
      width: 760,
      height: 130,
      layer: [
        { mark: { type: 'area', interpolate: 'step-after', color: '#3b7dd8', opacity: 0.75 }, encoding: { x, y } },
        {
          mark: { type: 'rule', strokeDash: [5, 4], color: '#d1495b', size: 1.5 },
          encoding: { y: { datum: capacityIn100Ms } },
        },
      ],
    },
    config: {
      axis: { labelColor: ink, titleColor: ink, tickColor: ink, domainColor: ink, gridOpacity: 0.2 },
      header: { labelColor: ink, labelFontSize: 13 },
      view: { stroke: 'transparent' },
    },
  };
}

function binned({ name, arrivals }: Curve): { strategy: string; second: number; requests: number }[] {
  const bins = new Array<number>(Math.ceil((arrivals.at(-1)?.atMs ?? 0) / BIN_MS) + 2).fill(0);
  for (const { atMs } of arrivals) {
    const bin = Math.floor(atMs / BIN_MS);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins.map((requests, bin) => ({ strategy: name, second: (bin * BIN_MS) / 1000, requests }));
}
