import { describe, expect, test } from 'vitest';
import { laneRules } from '../policy/lane-rules.ts';
import type { BreakerPolicy } from '../policy/options.ts';
import type { BreakerRules } from '../policy/rules.ts';
import {
  type BreakerState,
  forgottenAt,
  NEW,
  openMsOf,
  type ProbeSignal,
  type TurnSignal,
  transition,
  waitMsOf,
} from './state.ts';

const CLOSED: BreakerState = { name: 'closed', trips: 2, calmAt: 500 };
const OPEN: BreakerState = { name: 'open', trips: 2, until: 1000 };
const PROBING: BreakerState = { name: 'half-open', by: 'probes', trips: 2, until: 3000, inFlight: 1, succeeded: 0 };
const CHECKING: BreakerState = { name: 'half-open', by: 'check', trips: 2, until: 3000 };

function rulesOf(policy: BreakerPolicy): BreakerRules {
  const rules = laneRules({ breaker: { openMs: 100, maxOpenMs: 1000, ...policy } }).breaker;
  if (rules === undefined) throw new Error('no breaker');
  return rules;
}

function after(
  state: BreakerState,
  signal: TurnSignal | ProbeSignal,
  { now = 1000, luck = 0, ...policy }: BreakerPolicy & { now?: number; luck?: number } = {},
): BreakerState {
  return transition(state, signal, { rules: rulesOf(policy), now, random: () => luck });
}

describe('a closed breaker', () => {
  test.each(['consecutive-failures', 'failure-ratio'] as const)('opens at %s', (type) => {
    expect(after(NEW, { type })).toEqual({ name: 'open', trips: 1, until: 1100 });
  });

  test('counts its trips on if it opens before it is calm, and from one if it opens later', () => {
    expect(after(CLOSED, { type: 'failure-ratio' }, { now: 499 })).toEqual({ name: 'open', trips: 3, until: 899 });
    expect(after(CLOSED, { type: 'failure-ratio' }, { now: 500 })).toEqual({ name: 'open', trips: 1, until: 600 });
  });

  test('is open for up to a quarter longer, by the dice', () => {
    expect(after(NEW, { type: 'failure-ratio' }, { luck: 1 })).toMatchObject({ until: 1125 });
  });
});

describe('an open breaker', () => {
  test('is half open when its time is over, and tries out for as long as it was open', () => {
    expect(after(OPEN, { type: 'open-time-over', by: 'probes' })).toEqual({
      ...PROBING,
      until: 1200,
      inFlight: 0,
    });
    expect(after(OPEN, { type: 'open-time-over', by: 'check' })).toEqual({ ...CHECKING, until: 1200 });
  });

  test('stays open twice as long with every trip, up to the bound', () => {
    const rules = rulesOf({});
    expect([0, 1, 2, 3, 4, 5, 2000].map((trips) => openMsOf(trips, rules))).toEqual([
      100, 100, 200, 400, 800, 1000, 1000,
    ]);
  });
});

describe('a half-open breaker', () => {
  test('counts its probes as they leave, come back with nothing, and succeed', () => {
    expect(after(PROBING, { type: 'probe-sent' })).toEqual({ ...PROBING, inFlight: 2 });
    expect(after(PROBING, { type: 'probe-returned' })).toEqual({ ...PROBING, inFlight: 0 });
    expect(after(PROBING, { type: 'probe-succeeded' }, { probes: 2 })).toEqual({
      ...PROBING,
      inFlight: 0,
      succeeded: 1,
    });
  });

  test('closes when all its probes have succeeded, and is calm after its last open time', () => {
    const closed = { name: 'closed', trips: 2, calmAt: 1200 };
    expect(after(PROBING, { type: 'probe-succeeded' })).toEqual(closed);
    expect(after({ ...PROBING, succeeded: 2 }, { type: 'probe-succeeded' }, { probes: 3 })).toEqual(closed);
    expect(after(CHECKING, { type: 'check-passed' })).toEqual(closed);
  });

  test('opens again, and for longer, at the first failure', () => {
    const open = { name: 'open', trips: 3, until: 1400 };
    expect(after({ ...PROBING, succeeded: 1 }, { type: 'probe-failed' }, { probes: 3 })).toEqual(open);
    expect(after(CHECKING, { type: 'check-failed' })).toEqual(open);
  });

  test('gives up probes that do not come back', () => {
    expect(after(PROBING, { type: 'probe-overdue' })).toEqual({ ...PROBING, until: 1200, inFlight: 0 });
  });
});

test.each<[BreakerState, (TurnSignal | ProbeSignal)['type'][]]>([
  [
    CLOSED,
    [
      'open-time-over',
      'check-passed',
      'check-failed',
      'probe-sent',
      'probe-returned',
      'probe-overdue',
      'probe-succeeded',
      'probe-failed',
    ],
  ],
  [
    OPEN,
    [
      'consecutive-failures',
      'failure-ratio',
      'check-passed',
      'check-failed',
      'probe-sent',
      'probe-returned',
      'probe-overdue',
      'probe-succeeded',
      'probe-failed',
    ],
  ],
  [PROBING, ['consecutive-failures', 'failure-ratio', 'open-time-over', 'check-passed', 'check-failed']],
  [
    CHECKING,
    [
      'consecutive-failures',
      'failure-ratio',
      'open-time-over',
      'probe-sent',
      'probe-returned',
      'probe-overdue',
      'probe-succeeded',
      'probe-failed',
    ],
  ],
])('$name: what means nothing there changes nothing', (state, types) => {
  for (const type of types) expect(after(state, { type, by: 'probes' } as TurnSignal)).toBe(state);
});

describe('by hand', () => {
  test.each([CLOSED, OPEN, PROBING, CHECKING])(
    'a breaker that is $name opens for as long as it is told, and closes as new',
    (state) => {
      expect(after(state, { type: 'manual', openForMs: 77 }, { luck: 1 })).toMatchObject({ name: 'open', until: 1077 });
      expect(after(state, { type: 'manual', openForMs: undefined })).toBe(NEW);
      expect(after(state, { type: 'policy' })).toBe(NEW);
    },
  );

  test('opening it keeps the trips that count, and adds none', () => {
    expect(after(PROBING, { type: 'manual', openForMs: 1 })).toMatchObject({ trips: 2 });
    expect(after(CLOSED, { type: 'manual', openForMs: 1 }, { now: 499 })).toMatchObject({ trips: 2 });
    expect(after(CLOSED, { type: 'manual', openForMs: 1 }, { now: 500 })).toMatchObject({ trips: 0 });
  });
});

describe('the wait for a breaker', () => {
  test.each<[BreakerState, number, number]>([
    [CLOSED, 1, 0],
    [OPEN, 1, 100],
    [PROBING, 1, 2100],
    [PROBING, 2, 0],
    [{ ...PROBING, succeeded: 1 }, 2, 2100],
    [{ ...PROBING, inFlight: 0 }, 1, 0],
    [CHECKING, 1, 2100],
  ])('that is %o, with %d probes, is %d ms', (state, probes, waitMs) => {
    expect(waitMsOf(state, rulesOf({ probes }), 900)).toBe(waitMs);
  });

  test('is over when the time is, whoever has noticed', () => {
    expect(waitMsOf(OPEN, rulesOf({}), 5000)).toBe(0);
  });
});

test('a breaker that nobody asks is forgotten when its trips are', () => {
  const rules = rulesOf({});
  expect([NEW, CLOSED, OPEN, PROBING].map((state) => forgottenAt(state, rules))).toEqual([
    Number.NEGATIVE_INFINITY,
    500,
    1200,
    3200,
  ]);
});
