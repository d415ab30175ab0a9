import uPlot from 'uplot';
import { byId, element, setAttribute, setText } from './dom.ts';
import { formatMs, formatNumber } from './format.ts';
import type { Column, Timeline, Trace } from './timeline.ts';

interface Line {
  readonly column: Column;
  readonly label: string;
  /** Custom property of the style sheet that has its colour. */
  readonly colour: string;
  readonly kind?: 'area' | 'limit';
}

interface ChartSpec {
  readonly id: string;
  readonly format: (value: number | null) => string;
  readonly lines: readonly Line[];
}

const CHARTS: readonly ChartSpec[] = [
  {
    id: 'chart-rate',
    format: formatNumber,
    lines: [
      { column: 'rate', label: 'attempts', colour: '--line-1', kind: 'area' },
      { column: 'retries', label: 'retries', colour: '--line-3' },
      { column: 'allowed', label: 'allowed', colour: '--line-limit', kind: 'limit' },
    ],
  },
  {
    id: 'chart-line',
    format: formatNumber,
    lines: [
      { column: 'queued', label: 'waiting', colour: '--line-2', kind: 'area' },
      { column: 'inFlight', label: 'in flight', colour: '--line-1' },
      { column: 'backingOff', label: 'backing off', colour: '--line-3' },
    ],
  },
  {
    id: 'chart-times',
    format: formatMs,
    lines: [
      { column: 'p50', label: 'attempt p50', colour: '--line-1' },
      { column: 'p99', label: 'attempt p99', colour: '--line-3' },
      { column: 'wait', label: 'wait p90', colour: '--line-2' },
    ],
  },
];

/** The charts of the last minutes, of one host or of all. */
export class Charts {
  #charts: readonly Chart[] = [];

  constructor() {
    this.#build();
    // Canvases do not follow the style sheet.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#build());
  }

  show(timeline: Timeline, trace: Trace | undefined): void {
    const times = timeline.times();
    for (const chart of this.#charts) chart.show(times, timeline, trace);
  }

  #build(): void {
    for (const chart of this.#charts) chart.destroy();
    this.#charts = CHARTS.map((spec) => new Chart(spec));
  }
}

class Chart {
  readonly #spec: ChartSpec;
  readonly #frame: HTMLElement;
  readonly #values: readonly HTMLElement[];
  readonly #plot: uPlot;
  readonly #resize: ResizeObserver;

  constructor(spec: ChartSpec) {
    this.#spec = spec;
    this.#frame = byId(spec.id, HTMLDivElement);
    this.#values = this.#legend();
    this.#plot = new uPlot(this.#options(), [[], ...spec.lines.map(() => [])], this.#frame);
    this.#resize = new ResizeObserver(() => this.#plot.setSize(this.#size()));
    this.#resize.observe(this.#frame);
  }

  show(times: number[], timeline: Timeline, trace: Trace | undefined): void {
    const columns = this.#spec.lines.map(({ column }) => timeline.read(trace, column));
    this.#plot.setData([times, ...columns]);
    this.#showValues(this.#plot.cursor.idx ?? times.length - 1);
  }

  destroy(): void {
    this.#resize.disconnect();
    this.#plot.destroy();
  }

  /** Figures beside the names of the lines: under the pointer, else the latest. They say in words what the canvas shows. */
  #showValues(index: number): void {
    const texts = this.#spec.lines.map(({ label }, line) => {
      const text = this.#spec.format(this.#plot.data[line + 1]?.[index] ?? null);
      const node = this.#values[line];
      if (node !== undefined) setText(node, text);
      return `${label} ${text}`;
    });
    setAttribute(this.#frame, 'aria-label', texts.join(', '));
  }

  #legend(): readonly HTMLElement[] {
    const values = this.#spec.lines.map(() => element('b'));
    const entries = this.#spec.lines.map(({ label, colour, kind = 'line' }, line) => {
      const swatch = element('span', { class: `swatch ${kind}` });
      swatch.style.setProperty('--colour', `var(${colour})`);
      return element('span', {}, swatch, `${label} `, values[line] ?? '');
    });
    byId(`${this.#spec.id}-legend`, HTMLDivElement).replaceChildren(...entries);
    return values;
  }

  #options(): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--ink-2'), font: `11px ${style.fontFamily}`, ticks: { show: false } };
    const grid = { stroke: colour('--line'), width: 1 };
    return {
      ...this.#size(),
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: 'paceline' } },
      hooks: { setCursor: [(plot) => this.#showValues(plot.cursor.idx ?? (plot.data[0]?.length ?? 0) - 1)] },
      scales: { x: { range: lastMinutes }, y: { range: (_, __, most) => [0, niceTop(this.#top(most))] } },
      axes: [
        { ...axis, grid: { show: false }, space: 80, size: 24, values: (_, ticks) => ticks.map(clockTime) },
        { ...axis, grid, size: 52, space: 28, values: (_, ticks) => ticks.map((tick) => this.#spec.format(tick)) },
      ],
      series: [{}, ...this.#spec.lines.map((line) => seriesOf(line, colour))],
    };
  }

  /** A limit far above what happens must not press that to the ground: then it lies outside. */
  #top(most: number | null): number {
    const limit = this.#spec.lines.findIndex(({ kind }) => kind === 'limit');
    if (limit === -1 || most === null) return most ?? 0;
    const others = this.#plot.data.slice(1).filter((_, line) => line !== limit);
    const happened = Math.max(0, ...others.flatMap((values) => Array.from(values, (value) => value ?? 0)));
    return Math.min(most, Math.max(3 * happened, 1));
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(120, this.#frame.clientWidth), height: 132 };
  }
}

function seriesOf({ label, colour, kind }: Line, read: (name: string) => string): uPlot.Series {
  const stroke = read(colour);
  return {
    label,
    stroke,
    width: kind === 'limit' ? 1.5 : 2,
    points: { show: false },
    ...(kind === 'area' && { fill: `color-mix(in srgb, ${stroke} 16%, transparent)` }),
    ...(kind === 'limit' && { dash: [6, 4] }),
  };
}

/** At least a minute, so that the first seconds are not stretched over the whole width. */
function lastMinutes(_: uPlot, first: number, last: number): [number, number] {
  return [Math.min(first, last - 60), last];
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1_000).toTimeString().slice(0, 8);
}

function niceTop(most: number): number {
  return most > 0 ? most * 1.12 : 1;
}
