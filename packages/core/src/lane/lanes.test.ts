import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Emitter } from '../monitor/emitter.ts';
import { laneRules } from '../policy/lane-rules.ts';
import type { HostPolicy } from '../policy/options.ts';
import { perSecond } from '../policy/rate.ts';
import { type VirtualClock, virtualClock } from '../testing/virtual-clock.ts';
import type { Lane } from './lane.ts';
import { laneKeyOf } from './lane-key.ts';
import { Lanes } from './lanes.ts';

interface Bench {
  readonly lanes: Lanes;
  readonly clock: VirtualClock;
}

function lanesOf(maxLanes: number, policy: HostPolicy = {}): Bench {
  const clock = virtualClock();
  const rules = laneRules(policy);
  return { clock, lanes: new Lanes(maxLanes, () => rules, { clock, random: () => 0, events: new Emitter() }) };
}

const keysOf = (lanes: Lanes): string[] => Array.from(lanes, ({ key }) => key);

/** Asks for new lanes, which stay at rest. */
function visit(lanes: Lanes, count: number, name: string): void {
  for (let index = 0; index < count; index += 1) lanes.get(`${name}${index}`);
}

/** The lane of a call in flight. */
function busy(lanes: Lanes, key: string): Lane {
  const lane = lanes.get(key);
  lane.tryAdmit(1, 0);
  return lane;
}

/** The host refuses an attempt. */
function overload(lane: Lane): void {
  lane.learn({ evidence: 'refused', sentAt: 0, awayMs: 0 }, 0);
}

describe('a lane', () => {
  test.each(['api.example.com', 'Ünïcode "quoted"\\', '\ud800', ''])('is found again by its key: %j', (key) => {
    const { lanes } = lanesOf(10);
    const lane = lanes.get(`cut out of this: ${key}`.slice('cut out of this: '.length));
    expect(lane.key).toBe(key);
    expect(lanes.get(key)).toBe(lane);
    expect(lanes.find(key)).toBe(lane);
  });

  test('does not keep the URL in memory that its key was cut out of', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const heapBytes = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const { lanes } = lanesOf(1_000);
    const before = heapBytes();
    for (let host = 0; host < 200; host += 1) {
      lanes.get(laneKeyOf(`https://host-${host}.example.com/?q=${'x'.repeat(100_000)}`));
    }
    // With their URLs they would be twenty million.
    expect(heapBytes() - before).toBeLessThan(5_000_000);
    expect(keysOf(lanes)).toHaveLength(200);
  });

  test('is made when it is first asked for, and stays the same', () => {
    const { lanes } = lanesOf(10);
    expect(lanes.find('a')).toBeUndefined();
    const lane = lanes.get('a');
    expect(lanes.get('a')).toBe(lane);
    expect(lanes.find('a')).toBe(lane);
    expect(keysOf(lanes)).toEqual(['a']);
  });

  test('follows the policy of its own key', () => {
    const { clock } = lanesOf(0);
    let rates: Record<string, number> = { a: 1, b: 2 };
    const rulesFor = (key: string): ReturnType<typeof laneRules> => laneRules({ rate: perSecond(rates[key] ?? 9) });
    const lanes = new Lanes(10, rulesFor, { clock, random: () => 0, events: new Emitter() });
    const perSecondOf = (): (number | undefined)[] =>
      ['a', 'b', 'c'].map((key) => lanes.get(key).snapshot(0).buckets[0]?.perSecond);
    expect(perSecondOf()).toEqual([1, 2, 9]);
    rates = { b: 5 };
    lanes.follow(0);
    expect(perSecondOf()).toEqual([9, 5, 9]);
  });
});

describe('over the limit', () => {
  test('the lanes that are known longest go', () => {
    const { lanes } = lanesOf(3);
    visit(lanes, 4, 'host');
    expect(keysOf(lanes)).toEqual(['host1', 'host2', 'host3']);
    lanes.get('host4');
    expect(keysOf(lanes)).toEqual(['host2', 'host3', 'host4']);
  });

  test('any number of hosts takes no more room than the limit', () => {
    const { lanes } = lanesOf(100);
    visit(lanes, 100_000, 'host');
    expect(keysOf(lanes)).toHaveLength(100);
  });

  test('a lane with an attempt in flight stays, also when it is the oldest', () => {
    const { lanes } = lanesOf(3);
    const lane = busy(lanes, 'busy');
    visit(lanes, 100, 'host');
    expect(lanes.find('busy')).toBe(lane);
    lane.release(0);
    visit(lanes, 3, 'other');
    expect(lanes.find('busy')).toBeUndefined();
  });

  test.each<[string, HostPolicy, (lane: Lane) => void, number]>([
    ['spent tokens stays until they are refilled', { rate: perSecond(1) }, spendToken, 1_000],
    ['a hold stays until it is over', {}, (lane) => lane.hold(5_000, 'manual', 0), 5_000],
    ['a spent budget stays until that is forgotten', { budget: {} }, (lane) => lane.budget?.pay(0), 10_000],
    ['a pace stays until that lapses', {}, overload, 10_000],
  ])('a lane with %s', async (_name, policy, disturb, restMs) => {
    const { lanes, clock } = lanesOf(1, policy);
    const lane = lanes.get('lane');
    disturb(lane);
    await clock.advance(restMs - 1);
    lanes.get('first');
    expect(lanes.find('lane')).toBe(lane);
    await clock.advance(1);
    lanes.get('second');
    expect(lanes.find('lane')).toBeUndefined();
  });

  test('a lane with a call between two attempts stays', () => {
    const { lanes } = lanesOf(1);
    lanes.get('lane').backingOff = 1;
    visit(lanes, 20, 'host');
    expect(lanes.find('lane')?.backingOff).toBe(1);
  });

  test('there may be more while they are busy, and the limit holds again when they rest', () => {
    const { lanes } = lanesOf(10);
    const crowd = Array.from({ length: 200 }, (_, index) => busy(lanes, `busy${index}`));
    expect(keysOf(lanes)).toHaveLength(200);
    for (const lane of crowd) lane.release(0);
    visit(lanes, 100, 'host');
    expect(keysOf(lanes)).toHaveLength(10);
  });

  test('a limit of none keeps only the lane that was asked for', () => {
    const { lanes } = lanesOf(0);
    visit(lanes, 3, 'host');
    expect(keysOf(lanes)).toEqual(['host2']);
  });
});

function spendToken(lane: Lane): void {
  lane.tryAdmit(1, 0);
  lane.release(0);
}
