import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from './evidence.ts';
import { type Finding, hasLapsed, type Load, type Pacing, paceAfter } from './pacing.ts';

const MIN_PER_SECOND = 0.25;

/** A lane of ten calls a second, long known. */
const LOAD: Load = { demand: 10, queued: 0, inFlight: 1, attempts: 1_000 };

const CEILING = 2 * LOAD.demand + 1;
const FLOOR = 0.1 * LOAD.demand;

interface Told extends Partial<Load>, Partial<Omit<Finding, 'evidence'>> {
  readonly now?: number;
}

function after(before: Pacing | undefined, evidence: Evidence, told: Told = {}): Pacing | undefined {
  const { now = 0, sentAt = now, awayMs = 0, ...load } = told;
  return paceAfter(before, { evidence, sentAt, awayMs }, { ...LOAD, ...load }, MIN_PER_SECOND, now);
}

/** Some outcomes of one kind in a row, a tenth of a second apart. */
function afterMany(before: Pacing | undefined, evidence: Evidence, count: number, told: Told = {}): Pacing {
  let pacing = before;
  for (let index = 0; index < count; index += 1) {
    pacing = after(pacing, evidence, { ...told, now: (before?.at ?? 0) + 100 * (index + 1) });
  }
  if (pacing === undefined) throw new Error('dormant');
  return pacing;
}

describe('a dormant pace', () => {
  test.each<Evidence>(['answered', 'slow'])('stays so when an attempt is %s', (evidence) => {
    expect(after(undefined, evidence)).toBeUndefined();
  });

  test.each<Evidence>(['refused', 'timed-out'])(
    'begins just under the ceiling of the demand at the first %s',
    (evidence) => {
      const pacing = after(undefined, evidence);
      expect(pacing?.perSecond).toBe(CEILING);
      expect(pacing?.inFlight).toBe(32);
      expect(pacing?.badness).toBeCloseTo(0.2);
    },
  );

  test('begins at half of it after a 429, which says nothing of load', () => {
    expect(after(undefined, 'throttled')).toMatchObject({ perSecond: CEILING / 2, inFlight: 32, badness: 0 });
  });

  test('takes the very first outcome of a lane for the whole truth', () => {
    expect(after(undefined, 'refused', { attempts: 1 })?.badness).toBe(1);
    expect(after(undefined, 'refused', { attempts: 2 })?.badness).toBe(0.5);
  });
});

describe('the rate', () => {
  test('falls with every failure of a host that only fails, down to its floor', () => {
    const first = after(undefined, 'refused');
    expect(afterMany(first, 'refused', 5).perSecond).toBeLessThan(CEILING);
    expect(afterMany(first, 'refused', 100).perSecond).toBe(FLOOR);
    expect(afterMany(first, 'timed-out', 100, { demand: 0.1 }).perSecond).toBe(MIN_PER_SECOND);
  });

  test('rises with every prompt answer, six times as fast while under half the demand', () => {
    const slow = { ...afterMany(undefined, 'refused', 100), badness: 0 };
    const fast = { ...slow, perSecond: LOAD.demand / 2 };
    expect(after(slow, 'answered')?.perSecond).toBeCloseTo(slow.perSecond + 3);
    expect(after(fast, 'answered')?.perSecond).toBeCloseTo(fast.perSecond + 0.5);
  });

  test('does not rise with slow answers', () => {
    const pacing = { ...afterMany(undefined, 'refused', 100), badness: 0 };
    expect(afterMany(pacing, 'slow', 50).perSecond).toBe(pacing.perSecond);
  });

  test('climbs from the floor at the first good answer, however bad it was', () => {
    const down = afterMany(undefined, 'refused', 200);
    expect(down.badness).toBeCloseTo(1);
    expect(after(down, 'answered')?.perSecond).toBeGreaterThan(2 * down.perSecond);
  });

  test('is not brought down by errors that have nothing to do with load, be they half of all', () => {
    let pacing = after(undefined, 'refused');
    for (let now = 100; now < 20_000; now += 100)
      pacing = after(pacing, now % 200 === 0 ? 'answered' : 'refused', { now });
    expect(pacing?.perSecond).toBe(CEILING);
  });

  test('leaves room for those who wait', () => {
    const pacing = afterMany(after(undefined, 'refused'), 'answered', 500, { queued: 40 });
    expect(pacing.perSecond).toBe(CEILING + 20);
  });

  test('is halved by a 429, once for all attempts that were under way', () => {
    const first = after(undefined, 'refused');
    const second = after(first, 'throttled', { now: 100, sentAt: 50 });
    const third = after(second, 'throttled', { now: 110, sentAt: 60 });
    const fourth = after(third, 'throttled', { now: 300, sentAt: 200 });
    expect([second, third, fourth].map((each) => each?.perSecond)).toEqual([CEILING / 2, CEILING / 2, CEILING / 4]);
  });
});

describe('the window', () => {
  test('halves what is in flight once the badness is half of what the rate bears, once for all attempts under way', () => {
    const first = after(undefined, 'refused', { inFlight: 20 });
    expect(first?.inFlight).toBe(32);
    const second = after(first, 'refused', { inFlight: 20, now: 100, sentAt: 50 });
    expect(second?.inFlight).toBe(10);
    const third = after(second, 'refused', { inFlight: 19, now: 110, sentAt: 60 });
    expect(third?.inFlight).toBe(10);
  });

  test('never falls below one', () => {
    expect(afterMany(undefined, 'timed-out', 50).inFlight).toBe(1);
  });

  test('grows by about one a round where it is used, and not where it is not', () => {
    const pacing = { ...afterMany(undefined, 'refused', 1), inFlight: 4 };
    expect(afterMany(pacing, 'answered', 4, { inFlight: 4 }).inFlight).toBeCloseTo(5, 0);
    expect(afterMany(pacing, 'answered', 4, { inFlight: 1 }).inFlight).toBe(4);
  });

  test('is one for a start after the server has named the time to come back', () => {
    expect(after(undefined, 'refused', { awayMs: 1_000 })?.inFlight).toBe(1);
    expect(after(undefined, 'throttled', { awayMs: 1_000 })?.inFlight).toBe(1);
  });
});

describe('after a server that refuses has asked for time', () => {
  const refused = after(undefined, 'refused', { awayMs: 1_000 });

  test('the rate is at most the demand and a little of the backlog, for as long again', () => {
    expect(refused?.perSecond).toBeLessThanOrEqual(LOAD.demand);
    expect(afterMany(refused, 'answered', 19).perSecond).toBe(LOAD.demand);
    expect(afterMany(refused, 'answered', 19, { queued: 40 }).perSecond).toBe(LOAD.demand + 1);
  });

  test('then it may be what it is elsewhere', () => {
    expect(afterMany(refused, 'answered', 120, { queued: 1 }).perSecond).toBeGreaterThan(LOAD.demand + 1);
  });

  test('a quota that has run out says nothing of the kind', () => {
    expect(after(undefined, 'throttled', { awayMs: 1_000 })?.spareUntil).toBe(-Infinity);
  });
});

describe('a limiting pace', () => {
  /** The first time at which nothing is limited any more, with an answer every 100 ms. */
  function endOf(before: Pacing | undefined, told: Told = {}): number {
    let pacing = before;
    let now = 0;
    while (pacing !== undefined && now < 60_000) {
      now += 100;
      pacing = after(pacing, 'answered', { ...told, now });
    }
    return now;
  }

  test('ends when the rate has been at its ceiling for three seconds', () => {
    expect(endOf(after(undefined, 'refused'))).toBeGreaterThanOrEqual(3_000);
    expect(endOf(after(undefined, 'refused'))).toBeLessThan(4_000);
  });

  test('does not end while somebody waits, nor so soon after a failure', () => {
    expect(endOf(after(undefined, 'refused'), { queued: 1 })).toBe(60_000);
    const calm = afterMany(after(undefined, 'refused'), 'answered', 25);
    expect(after(calm, 'refused', { now: 2_600 })?.calmSince).toBe(Infinity);
  });

  test('has lapsed when nothing was heard for ten seconds', () => {
    const pacing = afterMany(undefined, 'refused', 10);
    expect(hasLapsed(pacing, pacing.at + 9_999)).toBe(false);
    expect(hasLapsed(pacing, pacing.at + 10_000)).toBe(true);
  });
});

describe('laws, whatever the outcomes', () => {
  const evidence = fc.constantFrom<Evidence>('answered', 'slow', 'refused', 'timed-out', 'throttled');
  const event = fc.record({
    evidence,
    awayMs: fc.constantFrom(0, 5_000),
    afterMs: fc.nat(2_000),
    ageMs: fc.nat(2_000),
    demand: fc.double({ min: 0, max: 1e5, noNaN: true }),
    queued: fc.nat(10_000),
    inFlight: fc.integer({ min: 1, max: 5_000 }),
  });
  const events = fc.array(event, { maxLength: 200 });

  test('the rate stays between floor and ceiling, the window from one up, the badness between 0 and 1', () => {
    fc.assert(
      fc.property(events, (list) => {
        let pacing: Pacing | undefined;
        let now = 0;
        for (const [index, { afterMs, ageMs, ...told }] of list.entries()) {
          now += afterMs;
          pacing = after(pacing, told.evidence, { ...told, attempts: index + 1, now, sentAt: now - ageMs });
          if (pacing === undefined) continue;
          const { perSecond, inFlight, badness } = pacing;
          const floor = Math.max(MIN_PER_SECOND, 0.1 * told.demand);
          expect(perSecond).toBeGreaterThanOrEqual(floor);
          expect(perSecond).toBeLessThanOrEqual(2 * told.demand + 1 + 0.5 * told.queued);
          expect(inFlight).toBeGreaterThanOrEqual(1);
          expect(badness).toBeGreaterThanOrEqual(0);
          expect(badness).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a host that is well again is unlimited again, whatever it was like before', () => {
    fc.assert(
      fc.property(events, (list) => {
        let pacing: Pacing | undefined;
        let now = 0;
        for (const { afterMs, evidence: kind } of list) {
          now += afterMs;
          pacing = after(pacing, kind, { now });
        }
        for (let calls = 0; pacing !== undefined && calls < 600; calls += 1) {
          now += 100;
          pacing = after(pacing, 'answered', { now });
        }
        expect(pacing).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
