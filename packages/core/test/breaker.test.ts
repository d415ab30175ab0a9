import { type BreakerPolicy, constant, type HostPolicy, immediate, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import {
  endings,
  eventsOf,
  expectAnswered,
  expectAtRest,
  expectFailedWith,
  expectRefused,
  expectSentAt,
  expectWaiting,
} from './expect.ts';
import { HOST, hang, type Sent, type Step, type World, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 100 } as const;

/** A breaker that two failures in a row open, for exactly one second at first. */
function worldWith(breaker: BreakerPolicy = {}, policy: HostPolicy = {}): World {
  return worldOf({
    defaults: { retry: false, ...policy, breaker: { consecutiveFailures: 2, openMs: 1000, ...breaker } },
    random: () => 0,
  });
}

/** Two calls that fail one after the other, at once. */
async function trip(world: World, step: Step = 500): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    world.call(step);
    await world.clock.settle();
  }
}

function turns({ events }: World): string[] {
  return eventsOf(events, 'breaker').map(({ at, state, reason }) => `${at} ${state}: ${reason}`);
}

async function calls(world: World, count: number, script?: Step | readonly Step[]): Promise<Sent[]> {
  const made = Array.from({ length: count }, () => world.call(script));
  await world.clock.settle();
  return made;
}

describe('a breaker', () => {
  test('is off by default: a host that fails for ever is asked for ever', async () => {
    const world = worldOf({ defaults: { retry: false } });
    for (const call of await calls(world, 50, 500)) expectSentAt(call, [0]);
    expect(world.lane().breaker).toBeNull();
    expect(world.pace.breaker(HOST).state).toBeUndefined();
  });

  test('opens after failures in a row, refuses, lets one probe through and closes', async () => {
    const world = worldWith();
    await trip(world);
    await world.clock.advance(400);
    const [refused] = await calls(world, 1);
    expectRefused(refused!, 'CIRCUIT_OPEN', { retryAfterMs: 600 });
    await world.clock.advance(600);
    const probe = world.call(SLOW);
    const beside = world.call();
    await world.clock.advance(100);
    expectAnswered(probe);
    expectRefused(beside, 'CIRCUIT_OPEN', { retryAfterMs: 1000 });
    for (const call of await calls(world, 5)) expectAnswered(call);
    expect(turns(world)).toEqual([
      '0 open: consecutive-failures',
      '1000 half-open: open-time-over',
      '1100 closed: probe-succeeded',
    ]);
    await expectAtRest(world);
  });

  test('opens at a share of failures, from a minimum of attempts on', async () => {
    const world = worldWith({ consecutiveFailures: 100, failureRatio: 0.5, minAttempts: 10 });
    for (let n = 0; n < 4; n += 1) await calls(world, 1, 500);
    await calls(world, 5);
    expect(world.lane().breaker).toEqual({
      state: 'closed',
      openMs: 0,
      attempts: 9,
      failures: 4,
      consecutiveFailures: 0,
    });
    await calls(world, 1, 500);
    expect(turns(world)).toEqual(['0 open: failure-ratio']);
  });

  test('stays open twice as long each time that the probe fails, up to its bound', async () => {
    const world = worldWith({ maxOpenMs: 3000 });
    await trip(world);
    for (const ms of [1000, 2000, 3000, 3000]) {
      await world.clock.advance(ms - 1);
      expectRefused((await calls(world, 1))[0]!, 'CIRCUIT_OPEN', { retryAfterMs: 1 });
      await world.clock.advance(1);
      expect((await calls(world, 1, 500))[0]!.sentAt).toHaveLength(1);
    }
    expect(eventsOf(world.events, 'breaker').map((event) => event.forMs)).toEqual(
      [1000, 2000, 3000, 3000, 3000].flatMap((ms, index) => (index === 0 ? [ms] : [undefined, ms])),
    );
  });

  test('that trips again soon after it closed goes on where it was; after a quiet time it begins anew', async () => {
    const world = worldWith();
    await trip(world);
    await world.clock.advance(1000);
    await calls(world, 1);
    await world.clock.advance(999);
    await trip(world);
    await world.clock.advance(2000);
    await calls(world, 1);
    await world.clock.advance(2000);
    await trip(world);
    const opened = eventsOf(world.events, 'breaker').filter((event) => event.state === 'open');
    expect(opened.map((event) => event.forMs)).toEqual([1000, 2000, 1000]);
  });

  test('spreads the probes of many processes: up to a quarter of the open time at random', async () => {
    const world = worldOf({
      defaults: { retry: false, breaker: { consecutiveFailures: 1, openMs: 1000 } },
      random: () => 0.5,
    });
    await calls(world, 1, 500);
    expect(world.lane().breaker).toMatchObject({ openMs: 1125 });
  });

  test('lets as many probes through as the policy says, and closes when all have succeeded', async () => {
    const world = worldWith({ probes: 3 });
    await trip(world);
    await world.clock.advance(1000);
    const probes = Array.from({ length: 5 }, () => world.call(SLOW));
    await world.clock.settle();
    expect(probes.map((call) => call.sentAt.length)).toEqual([1, 1, 1, 0, 0]);
    await world.clock.advance(100);
    expect(world.pace.breaker(HOST).state).toBe('closed');
    await expectAtRest(world);
  });

  test('is of one host: the others go on', async () => {
    const world = worldWith();
    await trip(world);
    const elsewhere = world.call(200, { url: 'https://other.test/' });
    await world.clock.settle();
    expectAnswered(elsewhere);
  });
});

describe('what a breaker takes for a failure', () => {
  test.each<[string, Step, HostPolicy]>([
    ['a server error', 503, {}],
    ['an answer that never was', { error: 'reset' }, {}],
    ['a host that was not reached', { error: 'refused', sent: 'never' }, {}],
    ['an attempt that ran out of time', hang, { timeouts: { attemptMs: 10 } }],
    ['a call that ran out of time in its only attempt', hang, { timeouts: { totalMs: 10 } }],
  ])('is %s', async (_, step, policy) => {
    const world = worldWith({}, policy);
    for (let n = 0; n < 2; n += 1) {
      world.call(step);
      await world.clock.advance(11);
    }
    expect(world.pace.breaker(HOST).state).toBe('open');
    await expectAtRest(world);
  });

  test.each<[string, Step]>([
    ['429', 429],
    ['a 404', 404],
    ["the caller's own mistake", { error: 'bad body', final: true }],
  ])('is not %s', async (_, step) => {
    const world = worldWith({ consecutiveFailures: 1 });
    await calls(world, 20, step);
    expect(turns(world)).toEqual([]);
  });

  test('is not an abort, nor a refusal of Paceline', async () => {
    const world = worldWith({ consecutiveFailures: 1 }, { concurrency: 1, queue: { maxLength: 0 } });
    const stop = new AbortController();
    world.call(hang, { signal: stop.signal });
    expectRefused((await calls(world, 1))[0]!, 'QUEUE_FULL');
    stop.abort();
    expectAnswered((await calls(world, 1))[0]!);
    expect(turns(world)).toEqual([]);
  });

  test('is not an attempt that the call itself left no time', async () => {
    const world = worldWith({ consecutiveFailures: 1 }, { concurrency: 1, timeouts: { totalMs: 100 } });
    world.call({ status: 200, afterMs: 80 });
    const late = world.call(hang);
    await world.clock.advance(102);
    expectRefused(late, 'TOTAL_TIMEOUT');
    expect(late.sentAt).toEqual([80]);
    expect(turns(world)).toEqual([]);
  });

  test('429 neither counts as a failure nor ends a row of them, and gives a probe its place back', async () => {
    const world = worldWith();
    for (const status of [500, 429, 500]) await calls(world, 1, status);
    await world.clock.advance(1000);
    await calls(world, 1, 429);
    expect(world.pace.breaker(HOST).state).toBe('half-open');
    await calls(world, 1);
    expect(world.pace.breaker(HOST).state).toBe('closed');
  });

  test('is of the statuses that the policy lists', async () => {
    const world = worldWith({ consecutiveFailures: 1, statuses: [404] });
    await calls(world, 1, 500);
    expect(turns(world)).toEqual([]);
    await calls(world, 1, 404);
    expect(turns(world)).toEqual(['0 open: consecutive-failures']);
  });

  test('is nothing that was sent before the breaker opened', async () => {
    const world = worldWith();
    const early = [500, 200].map((status) => world.call({ status, afterMs: 1500 }));
    await trip(world);
    await world.clock.advance(1000);
    const probe = world.call({ status: 200, afterMs: 1000 });
    await world.clock.advance(500);
    for (const call of early) expect(call.outcome?.kind).toBe('answered');
    expect(world.pace.breaker(HOST).state).toBe('half-open');
    await world.clock.advance(500);
    expectAnswered(probe);
    expect(world.lane().breaker).toMatchObject({ state: 'closed', attempts: 0 });
  });
});

describe('calls that a breaker does not let through', () => {
  test('are refused where they stand when it opens: in the queue, and after a backoff', async () => {
    const world = worldWith({}, { concurrency: 2, retry: { backoff: constant(100) } });
    const backing = world.call([{ error: 'lost', afterMs: 5 }]);
    await world.clock.advance(10);
    const failing = Array.from({ length: 2 }, () => world.call({ status: 500, afterMs: 50 }));
    const queued = world.call();
    await world.clock.advance(50);
    expectRefused(queued, 'CIRCUIT_OPEN', { retryAfterMs: 1000 });
    for (const call of failing.slice(1)) expectAnswered(call, 500);
    await world.clock.advance(100);
    expectRefused(backing, 'CIRCUIT_OPEN');
    expect(backing.outcome).toMatchObject({ error: { cause: 'lost' } });
    await expectAtRest(world);
  });

  test('keep the outcome they have where their retry would meet it (R9)', async () => {
    const world = worldWith({}, { retry: { backoff: immediate } });
    const answered = world.call(503);
    await world.clock.settle();
    expectAnswered(answered, 503);
    expectSentAt(answered, [0, 0]);
    expect(answered.discarded).toEqual([1]);
    expect(endings(world)).toEqual(['circuit-open']);
    await world.clock.advance(1000);
    const lost = new Error('lost');
    const probe = world.call({ error: lost });
    await world.clock.settle();
    expectFailedWith(probe, lost);
    expect(world.lane().budget).toBeGreaterThan(9);
  });

  test('try again all the same if it will let somebody through by then', async () => {
    const world = worldWith({ openMs: 50 }, { retry: { backoff: constant(60) } });
    const call = world.call([503, 503, 200]);
    await world.clock.advance(200);
    expectAnswered(call);
    expectSentAt(call, [0, 60, 120]);
  });

  test('wait in line where the policy says so, and leave one at a time until it closes', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const waiting = Array.from({ length: 4 }, () => world.call(SLOW));
    await world.clock.advance(999);
    expectWaiting(...waiting);
    await world.clock.advance(1000);
    expect(waiting.map((call) => call.sentAt[0])).toEqual([1000, 1100, 1100, 1100]);
    await expectAtRest(world);
  });

  test('wait, retries included, as long as it is open again and again, within their limits', async () => {
    const world = worldWith({ whileOpen: 'wait' }, { retry: { backoff: immediate, maxRetries: 9 }, budget: false });
    const first = world.call([500, 500, 500, 500, 200]);
    await world.clock.settle();
    const patient = world.call();
    const hasty = world.call(200, { options: { maxWaitMs: 2000 } });
    await world.clock.advance(20_000);
    expectSentAt(first, [0, 0, 1000, 3000, 7000]);
    expectSentAt(patient, [7000]);
    expectRefused(hasty, 'QUEUE_TIMEOUT');
    await expectAtRest(world);
  });

  test('are refused at once if they could not wait so long (R7)', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const hasty = world.call(200, { options: { maxWaitMs: 500 } });
    await world.clock.settle();
    expectRefused(hasty, 'CIRCUIT_OPEN', { retryAfterMs: 1000 });
    world.pace.breaker(HOST).open();
    const hopeless = world.call();
    await world.clock.settle();
    expectRefused(hopeless, 'CIRCUIT_OPEN');
    expect(hopeless.outcome).toMatchObject({ error: { retryAfterMs: undefined } });
  });

  test('are told of no wait for tokens or slots by it: those still hold', async () => {
    const world = worldWith({ whileOpen: 'wait' }, { rate: perSecond(10), burst: 2 });
    await trip(world);
    const waiting = Array.from({ length: 4 }, () => world.call());
    await world.clock.advance(2000);
    expect(waiting.map((call) => call.sentAt[0])).toEqual([1000, 1000, 1100, 1200]);
    await expectAtRest(world);
  });

  test('are refused by the thousand without a stack for each', async () => {
    const world = worldWith({ consecutiveFailures: 1 }, { concurrency: 1, queue: { maxLength: 20_000 } });
    const failing = world.call({ status: 500, afterMs: 1 });
    for (let n = 0; n < 15_000; n += 1) world.call();
    await world.clock.advance(1);
    expectAnswered(failing, 500);
    expect(world.lane().counters.refused).toEqual({ CIRCUIT_OPEN: 15_000 });
    await expectAtRest(world);
  });
});

describe('a probe', () => {
  test.each(['in flight', 'granted'])('that is aborted while %s gives its place to the next', async (when) => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const stop = new AbortController();
    const probe = world.call(hang, { signal: stop.signal });
    const next = world.call(SLOW);
    if (when === 'granted') {
      world.pace.subscribe((event) => {
        if (event.type === 'admitted' && event.call === 3) stop.abort();
      });
    }
    await world.clock.advance(1000);
    if (when === 'in flight') expectSentAt(probe, [1000]);
    stop.abort();
    await world.clock.advance(100);
    expectAnswered(next);
    expectSentAt(next, [1000]);
    await expectAtRest(world);
  });

  test('that never comes back keeps the others away for as long as the open time, not for ever', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const stop = new AbortController();
    world.call(hang, { signal: stop.signal });
    const waiting = [world.call(SLOW), world.call(SLOW)];
    await world.clock.advance(2500);
    expect(waiting.map((call) => call.sentAt[0])).toEqual([2000, 2100]);
    stop.abort();
    await expectAtRest(world);
  });

  test('is not lost to a hold: who waits behind both is let through by both', async () => {
    const world = worldWith();
    await trip(world);
    await world.clock.advance(1000);
    world.pace.hold(HOST, 300);
    const waiting = [world.call(SLOW), world.call()];
    await world.clock.settle();
    expectWaiting(...waiting);
    await world.clock.advance(300);
    expectSentAt(waiting[0]!, [1300]);
    expectRefused(waiting[1]!, 'CIRCUIT_OPEN');
  });
});

describe('by hand', () => {
  test('a breaker opens until it is closed, and closing wakes who waits', async () => {
    const world = worldWith({ whileOpen: 'wait' }, { queue: { maxWaitMs: Number.POSITIVE_INFINITY } });
    const breaker = world.pace.breaker(HOST);
    breaker.open();
    expect(breaker.state).toBe('open');
    expect(world.lane().breaker).toMatchObject({ state: 'open', openMs: null });
    const waiting = await calls(world, 3);
    await world.clock.advance(1e6);
    expectWaiting(...waiting);
    breaker.close();
    await world.clock.settle();
    for (const call of waiting) expectSentAt(call, [1e6]);
    expect(turns(world)).toEqual(['0 open: manual', '1000000 closed: manual']);
    await expectAtRest(world);
  });

  test('or for a time, after which the host is tried out', async () => {
    const world = worldWith();
    world.pace.breaker(HOST).open(300);
    expectRefused((await calls(world, 1))[0]!, 'CIRCUIT_OPEN', { retryAfterMs: 300 });
    await world.clock.advance(300);
    await calls(world, 1);
    expect(turns(world)).toEqual(['0 open: manual', '300 half-open: open-time-over', '300 closed: probe-succeeded']);
  });

  test('closing forgets the failures so far', async () => {
    const world = worldWith();
    await calls(world, 1, 500);
    world.pace.breaker(HOST).close();
    await calls(world, 1, 500);
    expect(turns(world)).toEqual([]);
  });

  test('opening what the policy has none of is an error, closing it is nothing', () => {
    const world = worldOf();
    const breaker = world.pace.breaker('API.test');
    expect(() => breaker.open()).toThrow('breaker.open: the policy of api.test has no breaker');
    expect(() => breaker.open(Number.NaN)).toThrow(RangeError);
    breaker.close();
    world.pace.breaker('unknown.test').close();
    expect(world.pace.snapshot().lanes.map((lane) => lane.host)).toEqual([HOST]);
  });
});

describe('a health check', () => {
  const check = (...answers: (boolean | 'throw' | 'hang')[]) => {
    const asked: string[] = [];
    let running = 0;
    return {
      asked,
      most: { running: 0 },
      async healthCheck(this: void, host: string): Promise<boolean> {
        const answer = answers[asked.length] ?? true;
        asked.push(host);
        running += 1;
        if (running > 1) throw new Error('two checks at a time');
        if (answer === 'hang') return new Promise(() => {});
        running -= 1;
        if (answer === 'throw') throw new Error('unhealthy');
        return answer;
      },
    };
  };

  test('closes the breaker in place of a probe, and lets go who waits', async () => {
    const { healthCheck, asked } = check(false, 'throw', true);
    const world = worldWith({ whileOpen: 'wait', healthCheck });
    await trip(world);
    const waiting = [world.call(), world.call()];
    await world.clock.advance(10_000);
    for (const call of waiting) expectSentAt(call, [7000]);
    expect(asked).toEqual([HOST, HOST, HOST]);
    expect(turns(world)).toEqual([
      '0 open: consecutive-failures',
      '1000 half-open: open-time-over',
      '1000 open: check-failed',
      '3000 half-open: open-time-over',
      '3000 open: check-failed',
      '7000 half-open: open-time-over',
      '7000 closed: check-passed',
    ]);
    await expectAtRest(world);
  });

  test('runs only when somebody wants to leave, and sets no timer', async () => {
    const { healthCheck, asked } = check();
    const world = worldWith({ healthCheck });
    await trip(world);
    expect(world.clock.timers).toBe(0);
    await world.clock.advance(60_000);
    expect(asked).toEqual([]);
    const [first] = await calls(world, 1);
    expectRefused(first!, 'CIRCUIT_OPEN');
    expect(asked).toEqual([HOST]);
    expectAnswered((await calls(world, 1))[0]!);
    expect(world.clock.timers).toBe(0);
  });

  test('that hangs has failed after the open time, and is not run twice at a time: calls are the probes then', async () => {
    const { healthCheck, asked } = check('hang');
    const world = worldWith({ whileOpen: 'wait', healthCheck });
    await trip(world);
    const waiting = world.call();
    await world.clock.advance(10_000);
    expectSentAt(waiting, [4000]);
    expect(asked).toEqual([HOST]);
    expect(turns(world)).toEqual([
      '0 open: consecutive-failures',
      '1000 half-open: open-time-over',
      '2000 open: check-failed',
      '4000 half-open: open-time-over',
      '4000 closed: probe-succeeded',
    ]);
    await expectAtRest(world);
  });

  test('that ends after somebody closed the breaker changes nothing', async () => {
    let answer: (isHealthy: boolean) => void = () => {};
    const world = worldWith({ healthCheck: () => new Promise((resolve) => (answer = resolve)) });
    await trip(world);
    await world.clock.advance(1000);
    await calls(world, 1);
    world.pace.breaker(HOST).close();
    answer(false);
    await world.clock.settle();
    expect(world.pace.breaker(HOST).state).toBe('closed');
    expectAnswered((await calls(world, 1))[0]!);
  });

  test('may use the engine, and throw at once', async () => {
    const world = worldWith({
      healthCheck: (host) => {
        world.pace.breaker(host).open(10);
        throw new Error('unhealthy');
      },
    });
    await trip(world);
    await world.clock.advance(1000);
    await calls(world, 2);
    expect(turns(world).at(-1)).toBe('1000 open: manual');
  });
});

describe('R14: a new policy', () => {
  test('that turns the breaker off lets everybody go', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const waiting = await calls(world, 3);
    await world.clock.advance(10);
    world.pace.configure({ defaults: { breaker: false } });
    await world.clock.settle();
    for (const call of waiting) expectSentAt(call, [10]);
    expect(turns(world)).toEqual(['0 open: consecutive-failures', '10 closed: policy']);
    expect(world.lane().breaker).toBeNull();
    world.pace.configure({ defaults: { breaker: {} } });
    expect(world.lane().breaker).toMatchObject({ state: 'closed', attempts: 0 });
    await expectAtRest(world);
  });

  test('that lets nobody wait refuses those who do', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const waiting = await calls(world, 3);
    world.pace.configure({ defaults: { breaker: { whileOpen: 'refuse' } } });
    await world.clock.settle();
    for (const call of waiting) expectRefused(call, 'CIRCUIT_OPEN', { retryAfterMs: 1000 });
    await expectAtRest(world);
  });

  test('that turns it on learns from what is sent from then on', async () => {
    const world = worldOf({ defaults: { retry: false } });
    const early = world.call({ status: 500, afterMs: 50 });
    world.pace.configure({ defaults: { breaker: { consecutiveFailures: 1 } } });
    await world.clock.advance(50);
    expectAnswered(early, 500);
    expect(turns(world)).toEqual([]);
    await calls(world, 1, 500);
    expect(turns(world)).toEqual(['50 open: consecutive-failures']);
  });

  test('with more probes lets more through at once', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const waiting = Array.from({ length: 3 }, () => world.call(SLOW));
    await world.clock.advance(1000);
    world.pace.configure({ defaults: { breaker: { probes: 2 } } });
    expect(world.lane()).toMatchObject({ inFlight: 2, queued: 1 });
    await world.clock.advance(200);
    expect(waiting.map((call) => call.sentAt[0])).toEqual([1000, 1000, 1100]);
    await expectAtRest(world);
  });
});

describe('a lane with a breaker', () => {
  test('is not forgotten while that is open, and is some time after (R12)', async () => {
    const world = worldOf({
      maxLanes: 1,
      defaults: { retry: false, budget: false, breaker: { consecutiveFailures: 1, openMs: 1000, windowMs: 500 } },
      random: () => 0,
    });
    await calls(world, 1, 500);
    const hosts = async (): Promise<string[]> => {
      world.call(200, { url: `https://${world.calls.length}.test/` });
      await world.clock.settle();
      return world.pace.snapshot().lanes.map((lane) => lane.host);
    };
    expect(await hosts()).toContain(HOST);
    await world.clock.advance(1999);
    expect(await hosts()).toContain(HOST);
    await world.clock.advance(1);
    expect(await hosts()).not.toContain(HOST);
  });

  test('has the breaker in its snapshot as plain JSON, and asking changes nothing', async () => {
    const world = worldWith();
    await trip(world);
    await world.clock.advance(2000);
    const snapshot = world.lane().breaker;
    expect(snapshot).toEqual({ state: 'open', openMs: 0, attempts: 2, failures: 2, consecutiveFailures: 2 });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(turns(world)).toHaveLength(1);
  });

  test('settles its calls when the engine closes', async () => {
    const world = worldWith({ whileOpen: 'wait' });
    await trip(world);
    const waiting = await calls(world, 2);
    await world.pace.close();
    await world.clock.settle();
    for (const call of waiting) expectRefused(call, 'CLOSED');
    await expectAtRest(world);
  });
});
