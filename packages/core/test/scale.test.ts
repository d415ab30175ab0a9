import { type Call, createPaceline, type HostPolicy, type Outcome, type Paceline, perSecond } from '@paceline/core';
import { type VirtualClock, virtualClock } from '@paceline/core/testing';
import { describe, expect, test } from 'vitest';
import { HOST } from './world.ts';

const MANY = 100_000;
const FEWER = 20_000;

/**
 * What is O(1) takes well under a second for so many; what looks at every waiter each time would take minutes, and runs
 * into the test's own time limit.
 */
const COARSE = { timeout: 30_000 };

const DONE: Outcome<undefined> = {
  kind: 'answered',
  status: 200,
  value: undefined,
  header: () => null,
  discard: () => {},
};

interface Crowd {
  readonly clock: VirtualClock;
  readonly pace: Paceline;
  /** Numbers of the calls in the order in which they left. */
  readonly departures: number[];
  call(signal?: AbortSignal): void;
}

/** An engine without a listener, and calls that cost a test as little as can be. */
function crowdOf(policy: HostPolicy): Crowd {
  const clock = virtualClock();
  const patience = { queue: { maxLength: MANY, maxWaitMs: 3_600_000 } };
  const pace = createPaceline({ clock, defaults: { ...patience, ...policy } });
  const departures: number[] = [];
  let calls = 0;
  return {
    clock,
    pace,
    departures,
    call(signal) {
      calls += 1;
      const number = calls;
      const send = (): Promise<Outcome<undefined>> => {
        departures.push(number);
        return Promise.resolve(DONE);
      };
      const call: Call<undefined> = { url: `https://${HOST}/`, method: 'GET', replayable: true, signal, send };
      void pace.run(call);
    },
  };
}

/** Nobody is left, and nothing that would keep a process alive. */
async function expectNobody({ clock, pace }: Crowd): Promise<void> {
  await pace.idle();
  expect(pace.snapshot().lanes).toMatchObject([{ queued: 0, inFlight: 0, backingOff: 0 }]);
  expect(clock.timers).toBe(0);
}

describe('R4, R12: very many waiting calls', () => {
  test('are each aborted in O(1), the newest and the oldest first', COARSE, async () => {
    const crowd = crowdOf({});
    crowd.pace.hold(HOST, 60_000);
    const stops = Array.from({ length: MANY }, () => new AbortController());
    for (const stop of stops) crowd.call(stop.signal);
    expect(crowd.pace.snapshot().lanes[0]?.queued).toBe(MANY);
    for (let index = 0; index < MANY / 2; index += 1) {
      stops[index]!.abort('enough');
      stops[MANY - 1 - index]!.abort('enough');
    }
    expect(crowd.pace.snapshot().lanes[0]?.queued).toBe(0);
    await expectNobody(crowd);
    expect(crowd.pace.snapshot().lanes[0]?.counters.aborted).toBe(MANY);
  });

  test('that share a signal go with it in one step', COARSE, async () => {
    const crowd = crowdOf({});
    const stop = new AbortController();
    crowd.pace.hold(HOST, 60_000);
    for (let index = 0; index < MANY; index += 1) crowd.call(stop.signal);
    stop.abort();
    expect(crowd.pace.snapshot().lanes[0]?.queued).toBe(0);
    await expectNobody(crowd);
  });

  test('leave in order, each in O(1)', COARSE, async () => {
    const crowd = crowdOf({ rate: perSecond(1_000_000), burst: 1000 });
    crowd.pace.hold(HOST, 10);
    for (let index = 0; index < MANY; index += 1) crowd.call();
    await crowd.clock.advance(1000);
    expect(crowd.departures).toHaveLength(MANY);
    expect(crowd.departures.every((number, index) => number === index + 1)).toBe(true);
    await expectNobody(crowd);
  });

  test('run into their deadlines together', COARSE, async () => {
    const crowd = crowdOf({ timeouts: { totalMs: 1000 } });
    crowd.pace.hold(HOST, 500);
    for (let index = 0; index < FEWER; index += 1) crowd.call();
    crowd.pace.hold(HOST, 60_000);
    await crowd.clock.advance(1000);
    await expectNobody(crowd);
    expect(crowd.pace.snapshot().lanes[0]?.counters.refused).toEqual({ TOTAL_TIMEOUT: FEWER });
  });

  test('are refused by a shorter queue, the newest first', COARSE, async () => {
    const crowd = crowdOf({});
    crowd.pace.hold(HOST, 60_000);
    for (let index = 0; index < FEWER; index += 1) crowd.call();
    crowd.pace.configure({ defaults: { queue: { maxLength: 3 } } });
    crowd.pace.release(HOST);
    await expectNobody(crowd);
    expect(crowd.departures).toEqual([1, 2, 3]);
  });
});

describe('R12: what passes leaves nothing', () => {
  test('a new lane costs the same however many busy ones there are', COARSE, () => {
    const pace = createPaceline({ clock: virtualClock(), maxLanes: 10 });
    const send = (): Promise<Outcome<undefined>> => new Promise(() => {});
    for (let index = 0; index < FEWER; index += 1) {
      void pace.run({ url: `https://busy${index}.test/`, method: 'GET', replayable: true, send });
    }
    expect(pace.snapshot().lanes).toHaveLength(FEWER);
  });

  test('a long row of calls with timeouts and a shared signal does not grow the heap', COARSE, async () => {
    const crowd = crowdOf({ timeouts: { attemptMs: 100, totalMs: 60_000 } });
    const { signal } = new AbortController();
    const { gc } = await collector();
    const row = async (calls: number): Promise<void> => {
      for (let index = 0; index < calls; index += 1) {
        crowd.call(signal);
        await crowd.pace.idle();
        await crowd.clock.advance(1);
        crowd.departures.length = 0;
      }
    };
    await row(2000);
    gc();
    const before = process.memoryUsage().heapUsed;
    await row(20_000);
    gc();
    const grownBytes = process.memoryUsage().heapUsed - before;
    expect(grownBytes / 20_000).toBeLessThan(20);
  });
});

/** The garbage collector, which Node hands out on request. */
async function collector(): Promise<{ gc: () => void }> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return { gc: runInNewContext('gc') as () => void };
}
