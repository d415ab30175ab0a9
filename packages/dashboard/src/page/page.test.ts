import { describe, expect, test } from 'vitest';
import type { HostView } from '../wire/views.ts';
import { type Control, controlsOf, fromSlider, toSlider } from './controls.ts';
import { formatCount, formatCountdown, formatMs, formatNumber } from './format.ts';
import { Host } from './host.ts';
import { type Arrangement, arrange } from './order.ts';
import { Speed } from './speed.ts';
import { eventData } from './stream.ts';
import { type Point, Timeline, Trace } from './timeline.ts';

const SETTINGS = {
  rate: [{ limit: 10, perMs: 1000, burst: null }],
  concurrency: 4,
  retry: { maxRetries: 3 },
  budget: { ratio: 0.2, minPerSecond: 1 },
} as const;

function hostOf(name: string, over: Partial<HostView> = {}): Host {
  const none = { count: 0, p50: null, p90: null, p99: null };
  const view: HostView = {
    host: name,
    queued: 0,
    backingOff: 0,
    inFlight: 0,
    concurrency: null,
    buckets: [],
    budget: null,
    store: null,
    breaker: null,
    holdMs: 0,
    pace: null,
    counters: {
      calls: 0,
      attempts: 0,
      settled: 0,
      aborted: 0,
      unpaid: 0,
      fallbacks: 0,
      hedges: 0,
      hedgesWon: 0,
      retries: {},
      refused: {},
    },
    wait: none,
    latency: none,
    settings: SETTINGS,
    ...over,
  };
  return new Host(view, 0);
}

test.each([
  [formatCount(12_345), '12,345'],
  [formatNumber(0.0123), '0.012'],
  [formatNumber(3.24), '3.2'],
  [formatNumber(1_234.5), '1,235'],
  [formatMs(0.25), '0.25 ms'],
  [formatMs(999), '999 ms'],
  [formatMs(1_500), '1.5 s'],
  [formatMs(90_000), '1.5 min'],
  [formatMs(null), '–'],
  [formatCountdown(9_940), '9.9 s'],
  [formatCountdown(61_000), '1 min 1 s'],
])('a figure reads %s', (text, expected) => {
  expect(text).toBe(expected);
});

describe('a speed', () => {
  test('is the growth of a total over the last seconds', () => {
    const speed = new Speed();
    for (let at = 0; at <= 10_000; at += 500) speed.read(at / 100, at);
    expect(speed.perSecond).toBeCloseTo(10);
    for (let at = 10_500; at <= 14_000; at += 500) speed.read(100, at);
    expect(speed.perSecond).toBe(0);
  });

  test('starts again with a total that has fallen: another engine', () => {
    const speed = new Speed();
    speed.read(1_000, 0);
    speed.read(5, 500);
    expect(speed.perSecond).toBe(0);
    speed.read(10, 1_000);
    expect(speed.perSecond).toBe(10);
  });
});

describe('the list', () => {
  const hosts = [
    hostOf('host-10', { queued: 2 }),
    hostOf('host-9', { queued: 2, holdMs: 5 }),
    hostOf('API.example', { queued: 7, latency: { count: 1, p50: 5, p90: 5, p99: 5 } }),
  ];
  const ARRANGEMENT: Arrangement = { text: '', state: 'all', key: 'host', descending: false };
  const names = (over: Partial<Arrangement>): string[] =>
    arrange(hosts, { ...ARRANGEMENT, ...over }).map(({ view }) => view.host);

  test('sorts numbers in names as numbers, and equals by name', () => {
    expect(names({})).toEqual(['API.example', 'host-9', 'host-10']);
    expect(names({ key: 'queued', descending: true })).toEqual(['API.example', 'host-9', 'host-10']);
    expect(names({ key: 'queued' })).toEqual(['host-9', 'host-10', 'API.example']);
  });

  test('puts those without a figure last, whichever way it goes', () => {
    expect(names({ key: 'p50' })[0]).toBe('API.example');
    expect(names({ key: 'p50', descending: true })[0]).toBe('API.example');
  });

  test('filters by name and by state', () => {
    expect(names({ text: ' api' })).toEqual(['API.example']);
    expect(names({ state: 'held' })).toEqual(['host-9']);
  });
});

test('a timeline keeps the last 600 samples in order, with gaps where there were none', () => {
  const timeline = new Timeline();
  const trace = new Trace();
  const point = {
    rate: 0,
    allowed: null,
    retries: 0,
    queued: 0,
    inFlight: 0,
    backingOff: 0,
    p50: null,
    p99: null,
    wait: null,
  };
  for (let time = 0; time < 1_000; time += 1) {
    timeline.begin(time);
    const sample: Point | undefined = time === 998 ? undefined : { ...point, rate: time };
    trace.put(timeline.place, sample);
  }
  expect(timeline.times()).toEqual(Array.from({ length: 600 }, (_, index) => 400 + index));
  expect(timeline.read(trace, 'rate').slice(-3)).toEqual([997, null, 999]);
  expect(timeline.read(trace, 'p50').every((value) => value === null)).toBe(true);
});

describe('controls', () => {
  const controlOf = (id: string): Control => controlsOf(SETTINGS).find((control) => control.id === id)!;

  test('read what is in force, and change that alone', () => {
    expect(controlOf('rate-0').read(SETTINGS)).toBe(10);
    expect(controlOf('rate-0').patch(SETTINGS, 20)).toEqual({ rate: [{ limit: 20, perMs: 1000, burst: null }] });
    expect(controlOf('rate-0').patch(SETTINGS, null)).toEqual({ rate: [] });
    expect(controlOf('burst-0').patch(SETTINGS, 5)).toEqual({ rate: [{ limit: 10, perMs: 1000, burst: 5 }] });
    expect(controlOf('retries').patch(SETTINGS, null)).toEqual({ retry: false });
    expect(controlOf('budget-ratio').patch(SETTINGS, 0.5)).toEqual({ budget: { ratio: 0.5, minPerSecond: 1 } });
    expect(controlOf('budget-floor').patch({ ...SETTINGS, budget: false }, 2)).toEqual({
      budget: { ratio: 0.2, minPerSecond: 2 },
    });
  });

  test('a slider over orders of magnitude ends at its ends, and comes back to where it stood', () => {
    const rate = controlOf('rate-0');
    expect([fromSlider(rate, 0), fromSlider(rate, 200)]).toEqual([0.1, 1_000]);
    for (const position of [0, 13, 77, 133, 200]) expect(toSlider(rate, fromSlider(rate, position))).toBe(position);
    expect(toSlider(rate, 1e9)).toBe(200);
  });
});

test('events of a stream come whole, however their bytes are cut', async () => {
  const bytes = new TextEncoder().encode('data: {"a":"ä"}\n\n: comment\ndata:{"b":2}\n\n');
  for (const size of [1, 2, 7, 100]) {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events: string[] = [];
    for await (const data of eventData(body)) events.push(data);
    expect(events).toEqual(['{"a":"ä"}', '{"b":2}']);
  }
});
