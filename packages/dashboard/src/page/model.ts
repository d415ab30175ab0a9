import type { ChangeView, EventView, Frame } from '../wire/views.ts';
import { Host } from './host.ts';
import { type Point, Timeline, Trace } from './timeline.ts';

/** Events that are kept. */
const MOST_EVENTS = 400;

/** All that the page knows. */
export class Model {
  readonly hosts: Map<string, Host> = new Map();
  readonly timeline: Timeline = new Timeline();
  /** Of all hosts together. */
  readonly total: Trace = new Trace();
  /** The latest first. */
  events: readonly EventView[] = [];
  changes: readonly ChangeView[] = [];
  tune = false;
  closed = false;
  /** What the engine's clock is behind the wall clock, in milliseconds. */
  wallOffset = 0;
  #isBegun = false;

  /** Takes in a frame; `now` is of the page's own clock, `wall` of the calendar, both in milliseconds. */
  apply(frame: Frame, now: number, wall: number): void {
    if (frame.whole) this.#forgetOthers(frame);
    for (const host of frame.gone) this.hosts.delete(host);
    for (const view of frame.hosts) {
      const known = this.hosts.get(view.host);
      if (known === undefined) this.hosts.set(view.host, new Host(view, now));
      else known.see(view, now);
    }
    // Nobody knows what was while the connection was lost.
    if (frame.whole && this.#isBegun) this.#gap(wall);
    this.#isBegun = true;
    this.#sample(frame.at, wall);
    this.wallOffset = wall - frame.at;
    this.tune = frame.tune;
    this.closed = frame.closed;
    if (frame.events.length > 0) this.events = [...frame.events.toReversed(), ...this.events].slice(0, MOST_EVENTS);
    this.changes = frame.changes ?? this.changes;
  }

  /** Whatever stands in the tiles: of all hosts together. */
  sums(): Totals {
    const totals = { rate: 0, retries: 0, refusals: 0, queued: 0, inFlight: 0, backingOff: 0, held: 0 };
    for (const host of this.hosts.values()) {
      totals.rate += host.attemptsPerSecond;
      totals.retries += host.retriesPerSecond;
      totals.refusals += host.refusalsPerSecond;
      totals.queued += host.view.queued;
      totals.inFlight += host.view.inFlight;
      totals.backingOff += host.view.backingOff;
      totals.held += host.view.holdMs > 0 ? 1 : 0;
    }
    return totals;
  }

  #forgetOthers({ hosts }: Frame): void {
    const told = new Set(hosts.map(({ host }) => host));
    for (const host of this.hosts.keys()) if (!told.has(host)) this.hosts.delete(host);
    // Numbers of events begin again with every server.
    this.events = [];
  }

  #gap(wall: number): void {
    this.timeline.begin(wall / 1_000);
    for (const host of this.hosts.values()) host.gap(this.timeline.place);
    this.total.put(this.timeline.place, undefined);
  }

  #sample(at: number, wall: number): void {
    this.timeline.begin(wall / 1_000);
    const { place } = this.timeline;
    for (const host of this.hosts.values()) host.sample(place, at);
    this.total.put(place, this.#totalPoint());
  }

  /** Times of all hosts are those of the slowest: quantiles cannot be added. */
  #totalPoint(): Point {
    const { rate, retries, queued, inFlight, backingOff } = this.sums();
    const slowest = (time: (host: Host) => number | null): number | null =>
      Array.from(this.hosts.values(), time).reduce(larger, null);
    return {
      rate,
      retries,
      queued,
      inFlight,
      backingOff,
      allowed: null,
      p50: slowest(({ view }) => view.latency.p50),
      p99: slowest(({ view }) => view.latency.p99),
      wait: slowest(({ view }) => view.wait.p90),
    };
  }
}

export interface Totals {
  readonly rate: number;
  readonly retries: number;
  readonly refusals: number;
  readonly queued: number;
  readonly inFlight: number;
  readonly backingOff: number;
  /** Hosts that are held. */
  readonly held: number;
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
