/** Samples that are kept: five minutes, at two a second. */
const TIMELINE_LENGTH = 600;

/** What is kept of a host over time. */
export const COLUMNS = [
  'rate',
  'allowed',
  'retries',
  'queued',
  'inFlight',
  'backingOff',
  'p50',
  'p99',
  'wait',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One sample; null is "there is none". */
export type Point = Readonly<Record<Column, number | null>>;

/** When the last samples were taken, the same for all hosts. */
export class Timeline {
  readonly #times = new Float64Array(TIMELINE_LENGTH);
  #count = 0;

  /** Place of the sample that is being taken. */
  get place(): number {
    return (this.#count - 1) % TIMELINE_LENGTH;
  }

  /** Begins a sample; `time` is in seconds since 1970. */
  begin(time: number): void {
    this.#times[this.#count % TIMELINE_LENGTH] = time;
    this.#count += 1;
  }

  times(): number[] {
    return unrolled(this.#times, this.#count);
  }

  /** A column of a trace, in the order of the times. */
  read(trace: Trace | undefined, column: Column): (number | null)[] {
    if (trace === undefined) return new Array<null>(Math.min(this.#count, TIMELINE_LENGTH)).fill(null);
    return unrolled(trace.column(column), this.#count).map((value) => (Number.isNaN(value) ? null : value));
  }
}

/** Figures of one host over time: rings whose places are the timeline's. */
export class Trace {
  readonly #columns = new Map<Column, Float32Array>();

  constructor() {
    for (const name of COLUMNS) this.#columns.set(name, new Float32Array(TIMELINE_LENGTH).fill(Number.NaN));
  }

  column(name: Column): Float32Array {
    return this.#columns.get(name) ?? new Float32Array(TIMELINE_LENGTH);
  }

  /** Undefined is a gap: nobody was there to take a sample. */
  put(place: number, point: Point | undefined): void {
    for (const [name, values] of this.#columns) values[place] = point?.[name] ?? Number.NaN;
  }
}

function unrolled(ring: Float32Array | Float64Array, count: number): number[] {
  const next = count % TIMELINE_LENGTH;
  return count <= TIMELINE_LENGTH
    ? Array.from(ring.subarray(0, count))
    : [...ring.subarray(next), ...ring.subarray(0, next)];
}
