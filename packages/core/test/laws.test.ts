import { type BucketSnapshot, constant, type HostPolicy, immediate, type PaceEvent, perHour } from '@paceline/core';
import { seededRandom } from '@paceline/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Deed, deeds, pacedPolicy, play, policy } from './chaos.ts';
import { eventsOf, expectAtRest } from './expect.ts';
import { HOST, type World, worldOf } from './world.ts';

/** The same cases at every run; raise `numRuns` and drop the seed to look for new ones. */
const LAW = { numRuns: Number(process.env.LAW_RUNS ?? 150), ...(process.env.LAW_RUNS ? {} : { seed: 2026 }) };

/** What floating point may add to a sum of so many tokens. */
const ROUNDING = 1e-6;

interface Departure {
  readonly at: number;
  readonly cost: number;
}

/** When each attempt left, and what it cost. */
function departuresOf({ events }: World, costs: readonly number[]): Departure[] {
  return eventsOf(events, 'attempt').map(({ at, call }) => ({ at, cost: costs[call - 1] ?? 1 }));
}

const costsOf = (script: readonly Deed[]): number[] =>
  script.flatMap((deed) => (deed.do === 'arrive' ? [deed.cost] : []));

/** In every window, from one departure to another, no more left than `allowed` says for it. */
function expectEveryWindow(departures: readonly Departure[], allowed: (from: number, to: number) => number): void {
  for (const [index, first] of departures.entries()) {
    let sum = 0;
    for (const { at, cost } of departures.slice(index)) {
      sum += cost;
      if (sum > allowed(first.at, at) + ROUNDING) expect(sum).toBeLessThanOrEqual(allowed(first.at, at));
    }
  }
}

describe('the law of the rate', () => {
  const rate = fc.record({
    limit: fc.constantFrom(1, 3, 10, 250),
    perMs: fc.constantFrom(250, 1000, 7000),
    burst: fc.integer({ min: 3, max: 12 }),
  });
  const quiet = (script: Deed[]): Deed[] => script.filter((deed) => deed.do !== 'configure');

  test('in any window of t ms leave no more than burst + rate · t tokens, for each of several rates', async () => {
    const rates = fc.array(rate, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rates, deeds.map(quiet), async (rates, script) => {
        const world = worldOf({ defaults: { rate: rates, retry: { backoff: constant(20) }, budget: false } });
        await play(world, script);
        const departures = departuresOf(world, costsOf(script));
        for (const { limit, perMs, burst } of rates) {
          expectEveryWindow(departures, (from, to) => burst + ((to - from) * limit) / perMs);
        }
      }),
      LAW,
    );
  });

  test('with policies that change: the burst at its beginning, and what each rate gives while it is in force', async () => {
    await fc.assert(
      fc.asyncProperty(rate, deeds, fc.infiniteStream(rate), async (first, script, more) => {
        const world = worldOf({ defaults: { rate: first, retry: { backoff: constant(20) }, budget: false } });
        const reigns = [{ from: 0, burst: first.burst, perMs: first.limit / first.perMs }];
        const changed = script.map((deed): Deed => {
          if (deed.do !== 'configure') return deed;
          return { do: 'configure', policy: { ...deed.policy, rate: more.next().value ?? first, burst: 1 } };
        });
        await play(world, changed, (deed) => {
          if (deed.do !== 'configure') return;
          const { limit, perMs, burst = 1 } = deed.policy.rate as typeof first;
          reigns.push({ from: world.clock.now(), burst, perMs: limit / perMs });
        });
        expectEveryWindow(departuresOf(world, costsOf(script)), (from, to) => {
          let tokens = 0;
          let burst = 0;
          for (const [index, reign] of reigns.entries()) {
            const until = reigns[index + 1]?.from ?? Number.POSITIVE_INFINITY;
            if (reign.from <= from && from <= until) burst = Math.max(burst, reign.burst);
            tokens += Math.max(0, Math.min(to, until) - Math.max(from, reign.from)) * reign.perMs;
          }
          return burst + tokens;
        });
      }),
      LAW,
    );
  });
});

describe('the law of order', () => {
  /** One wait in the queue that ended with a grant. Places are indices in the log of events. */
  interface Stay {
    readonly call: number;
    readonly priority: number;
    readonly from: number;
    readonly to: number;
  }

  function staysIn(events: readonly PaceEvent[], priorities: readonly number[]): Stay[] {
    const since = new Map<number, number>();
    const stays: Stay[] = [];
    for (const [index, event] of events.entries()) {
      if (event.type === 'queued') since.set(event.call, index);
      if (event.type !== 'admitted') continue;
      const { call } = event;
      stays.push({ call, priority: priorities[call - 1] ?? 0, from: since.get(call) ?? index, to: index });
      since.delete(call);
    }
    return stays;
  }

  const isBefore = (a: Stay, b: Stay): boolean =>
    a.priority > b.priority || (a.priority === b.priority && a.call < b.call);

  test('of two that waited together the one of higher priority, then of earlier arrival, goes first; nobody barges in', async () => {
    await fc.assert(
      fc.asyncProperty(policy, deeds, async (defaults, script) => {
        const world = worldOf({ defaults });
        await play(world, script);
        const priorities = script.flatMap((deed) => (deed.do === 'arrive' ? [deed.priority] : []));
        const stays = staysIn(world.events, priorities);
        for (const [index, went] of stays.entries()) {
          const overtaken = stays.slice(index + 1).find((other) => other.from < went.to && isBefore(other, went));
          expect(overtaken && { went, overtaken }).toBeUndefined();
        }
        for (const barger of stays.filter((stay) => stay.from === stay.to)) {
          expect(stays.find((other) => other.from < barger.to && barger.to < other.to)).toBeUndefined();
        }
      }),
      LAW,
    );
  });
});

describe('the law of conservation', () => {
  /** At every event: no more slots taken than there are, no token out of nothing, nothing below zero. A fault is kept: a listener may not throw. */
  function watch(world: World, defaults: HostPolicy, faults: string[]): (deed: Deed) => void {
    let concurrency = defaults.concurrency ?? Number.POSITIVE_INFINITY;
    world.pace.subscribe((event) => {
      const [lane] = world.pace.snapshot().lanes;
      if (lane === undefined) return;
      const { inFlight, queued, backingOff, buckets } = lane;
      if (buckets.some(({ tokens, burst }) => tokens < 0 || tokens > burst)) faults.push('tokens');
      if (Math.min(inFlight, queued, backingOff) < 0) faults.push('below zero');
      const hasTaken = event.type === 'admitted' || (event.type === 'attempt' && event.hedge);
      if (hasTaken && inFlight > concurrency) faults.push('slots');
    });
    world.pace.subscribe(() => {
      if (world.pace.breaker(HOST).state === 'open') faults.push('through an open breaker');
    }, ['admitted']);
    return (deed) => {
      if (deed.do === 'configure') concurrency = deed.policy.concurrency ?? concurrency;
    };
  }

  test('whatever happens, in the end every call is settled once and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(pacedPolicy, deeds, async (defaults, script) => {
        const world = worldOf({ defaults });
        const faults: string[] = [];
        await play(world, script, watch(world, defaults, faults));
        expect(faults).toEqual([]);
        await expectAtRest(world);
        await world.clock.advance(60_000);
        const isFull = ({ tokens, burst }: BucketSnapshot): boolean => tokens === burst;
        for (const lane of world.pace.snapshot().lanes) {
          expect(lane.buckets.every(isFull)).toBe(true);
          expect(lane.counters.calls).toBe(world.calls.length);
        }
        expect(eventsOf(world.events, 'settled')).toHaveLength(world.calls.length);
      }),
      LAW,
    );
  });

  test('every response goes to its caller or is thrown away, and never both', async () => {
    await fc.assert(
      fc.asyncProperty(pacedPolicy, deeds, async (defaults, script) => {
        const world = worldOf({ defaults });
        await play(world, script);
        for (const { answered, discarded, outcome } of world.calls) {
          const kept = outcome?.kind === 'answered' ? [Number(String(outcome.value).split('#')[1])] : [];
          expect([...discarded, ...kept].sort()).toEqual([...answered].sort());
        }
      }),
      LAW,
    );
  });

  test('a token is gone if and only if an attempt left with it', async () => {
    const burst = 1000;
    const unrated = deeds.map((script) => script.filter((deed) => deed.do !== 'configure'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 5), unrated, async (concurrency, script) => {
        const world = worldOf({
          defaults: {
            rate: perHour(1, { burst }),
            concurrency,
            retry: { backoff: constant(20) },
            budget: false,
            hedge: { afterMs: 30, ratio: 1 },
          },
        });
        await play(world, script);
        const costs = costsOf(script);
        const spent = departuresOf(world, costs).reduce((sum, { cost }) => sum + cost, 0);
        const refilled = world.clock.now() / 3_600_000;
        const tokens = world.pace.snapshot().lanes[0]?.buckets[0]?.tokens ?? burst;
        expect(tokens).toBeGreaterThanOrEqual(burst - spent - ROUNDING);
        expect(tokens).toBeLessThanOrEqual(burst - spent + refilled + ROUNDING);
      }),
      LAW,
    );
  });
});

describe('the law of the retry budget', () => {
  test('in nine tenths of any window, the shortest that is remembered, retries are at most the floor and the the ratio of its first attempts', async () => {
    const budget = fc.record({
      ratio: fc.constantFrom(0, 0.2, 1),
      minPerSecond: fc.constantFrom(0, 1, 7),
      windowMs: fc.constantFrom(500, 1000, 3000),
    });
    const gaps = fc.array(fc.constantFrom(0, 0, 0, 1, 10, 40, 90, 300, 950), { minLength: 20, maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(budget, gaps, async (budget, gaps) => {
        const world = worldOf({ defaults: { retry: { backoff: immediate, maxRetries: 3 }, budget } });
        for (const gap of gaps) {
          world.call(503);
          await world.clock.advance(gap);
        }
        const { ratio, minPerSecond, windowMs } = budget;
        const floor = (minPerSecond * windowMs) / 1000;
        const firsts = eventsOf(world.events, 'attempt').filter((event) => event.attempt === 1);
        const retries = eventsOf(world.events, 'retry');
        for (const [index, last] of retries.entries()) {
          const within = (at: number, ms: number): boolean => at > last.at - ms && at <= last.at;
          const paid = retries.slice(0, index + 1).filter((event) => within(event.at, windowMs * 0.9)).length;
          const earned = firsts.filter((event) => within(event.at, windowMs)).length;
          expect(paid).toBeLessThanOrEqual(ratio * earned + floor + ROUNDING);
        }
      }),
      LAW,
    );
  });
});

describe('R17: the law of reproducibility', () => {
  /** The log of a run, to the byte. */
  async function logOf(seed: number, defaults: HostPolicy, script: readonly Deed[]): Promise<string> {
    const world = worldOf({ defaults, random: seededRandom(seed) });
    await play(world, script);
    const plain = (_key: string, value: unknown): unknown =>
      value instanceof Error ? { ...value, message: value.message } : value;
    return [...world.events, world.pace.snapshot()].map((entry) => JSON.stringify(entry, plain)).join('\n');
  }

  test('two runs of one seed give the same log and the same snapshot, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), pacedPolicy, deeds, async (seed, defaults, script) => {
        expect(await logOf(seed, defaults, script)).toBe(await logOf(seed, defaults, script));
      }),
      LAW,
    );
  });

  test('and two seeds another, where the dice are used', async () => {
    const script: Deed[] = Array.from({ length: 5 }, () => ({
      do: 'arrive',
      script: [503, 503, 200],
      priority: 0,
      cost: 1,
      limits: {},
    }));
    expect(await logOf(1, {}, script)).not.toBe(await logOf(2, {}, script));
  });
});

test('the plays are of one host: the calls of a play share a lane', async () => {
  const world = worldOf();
  await play(world, [{ do: 'arrive', script: [200], priority: 0, cost: 1, limits: {} }]);
  expect(world.pace.snapshot().lanes.map((lane) => lane.host)).toEqual([HOST]);
});

test('hedges, losers and open breakers are among what happens in the plays', async () => {
  const happened = new Set<string>();
  for (const [defaults, script] of fc.sample(fc.tuple(policy, deeds), { numRuns: 300, seed: 2026 })) {
    const world = worldOf({ defaults });
    await play(world, script);
    for (const event of world.events) {
      if (event.type === 'attempt' && event.hedge) happened.add('hedge');
      if (event.type === 'outcome') happened.add(event.kind);
      if (event.type === 'breaker') happened.add(event.state);
    }
  }
  expect([...happened].sort()).toEqual(['answered', 'cancelled', 'closed', 'failed', 'half-open', 'hedge', 'open']);
});
