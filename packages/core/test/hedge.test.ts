import { AsyncLocalStorage } from 'node:async_hooks';
import { constant, type HedgePolicy, type HostPolicy, immediate, type Outcome, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { endings, eventsOf, expectAtRest, expectFailedWith, expectRefused, expectSentAt } from './expect.ts';
import { type CallFields, HOST, hang, type Sent, type Step, type World, worldOf } from './world.ts';

const SLOW = { status: 200, afterMs: 1000 } as const;
const QUICK = { status: 200, afterMs: 10 } as const;

/** A second attempt after 100 ms, for as many calls as like. */
function worldWith(policy: HostPolicy = {}, hedge: HedgePolicy = {}): World {
  return worldOf({ defaults: { ...policy, hedge: { afterMs: 100, ratio: 1, ...hedge } } });
}

/** A call's attempts are sent, and `ms` pass. */
async function callFor(world: World, ms: number, script: Step | readonly Step[], fields?: CallFields): Promise<Sent> {
  const call = world.call(script, fields);
  await world.clock.advance(ms);
  return call;
}

/** What the attempts came to, in the order of their ends: `1 cancelled`, `2 answered`. */
function ends({ events }: World): string[] {
  return eventsOf(events, 'outcome').map(({ attempt, kind }) => `${attempt} ${kind}`);
}

function expectValue(call: Sent, value: string): void {
  expect(call.outcome).toMatchObject({ kind: 'answered', value });
}

describe('a hedge', () => {
  test('is off by default', async () => {
    const world = worldOf();
    expectSentAt(await callFor(world, 5000, { status: 200, afterMs: 5000 }), [0]);
    expect(world.lane().counters).toMatchObject({ hedges: 0, hedgesWon: 0 });
  });

  test('of a slow attempt wins if it answers first: the other is aborted, its answer thrown away', async () => {
    const world = worldWith();
    const call = await callFor(world, 112, [SLOW, QUICK]);
    expectSentAt(call, [0, 100]);
    expectValue(call, '1#2');
    expect(call.settledAt).toBe(110);
    expect(call.signals.map((signal) => signal?.aborted)).toEqual([true, false]);
    await world.clock.advance(1000);
    expect(call.discarded).toEqual([1]);
    expect(ends(world)).toEqual(['1 cancelled', '2 answered']);
    expect(eventsOf(world.events, 'attempt').map(({ attempt, hedge }) => [attempt, hedge])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(world.lane().counters).toMatchObject({
      calls: 1,
      attempts: 2,
      hedges: 1,
      hedgesWon: 1,
      settled: 1,
      retries: {},
    });
    await expectAtRest(world);
  });

  test('loses if the first answers first', async () => {
    const world = worldWith();
    const call = await callFor(world, 2000, [{ status: 200, afterMs: 150 }, SLOW]);
    expectValue(call, '1#1');
    expect(call.settledAt).toBe(150);
    expect(call.signals.map((signal) => signal?.aborted)).toEqual([false, true]);
    expect(call.discarded).toEqual([2]);
    expect(ends(world)).toEqual(['2 cancelled', '1 answered']);
    expect(world.lane().counters).toMatchObject({ hedges: 1, hedgesWon: 0 });
    await expectAtRest(world);
  });

  test('is not sent beside an attempt that is not slow, and leaves no timer behind', async () => {
    const world = worldWith();
    const call = await callFor(world, 99, { status: 200, afterMs: 99 });
    expectSentAt(call, [0]);
    await expectAtRest(world);
  });

  test('that only fails leaves the call with its first attempt', async () => {
    const world = worldWith();
    const call = await callFor(world, 1500, [SLOW, { error: 'lost', afterMs: 10 }]);
    expectValue(call, '1#1');
    expect(ends(world)).toEqual(['2 failed', '1 answered']);
    await expectAtRest(world);
  });

  test('goes on alone where the first attempt only fails', async () => {
    const world = worldWith();
    const call = await callFor(world, 1500, [{ status: 503, afterMs: 150 }, SLOW]);
    expectValue(call, '1#2');
    expect(call.settledAt).toBe(1100);
    expect(call.discarded).toEqual([1]);
    expect(ends(world)).toEqual(['1 answered', '2 answered']);
    await expectAtRest(world);
  });

  test('is followed by a retry if both fail; it counts as no retry', async () => {
    const world = worldWith({ retry: { backoff: constant(50), maxRetries: 1 } });
    const call = await callFor(world, 5000, [
      { status: 503, afterMs: 150 },
      { status: 503, afterMs: 100 },
      { status: 503, afterMs: 10 },
    ]);
    expectSentAt(call, [0, 100, 250]);
    expect(call.outcome).toMatchObject({ status: 503, value: '1#3' });
    expect(eventsOf(world.events, 'retry')).toMatchObject([{ retry: 1, delayMs: 50 }]);
    expect(eventsOf(world.events, 'settled')).toMatchObject([{ reason: 'retries-exhausted', attempts: 3 }]);
    expect(call.discarded).toEqual([1, 2]);
    await expectAtRest(world);
  });

  test('is one a call: a slow retry has none', async () => {
    const world = worldWith({ retry: { backoff: immediate } });
    const call = await callFor(world, 1500, [503, SLOW]);
    expectSentAt(call, [0, 0]);
    await expectAtRest(world);
  });

  test('has a time of its own, as any attempt', async () => {
    const world = worldWith({ timeouts: { attemptMs: 200 }, retry: { backoff: immediate, maxRetries: 1 } });
    const call = await callFor(world, 1000, [hang, hang, 200]);
    expect(call.sentAt.slice(0, 2)).toEqual([0, 100]);
    expect(call.sentAt[2]).toBeGreaterThanOrEqual(300);
    expect(call.sentAt[2]).toBeLessThanOrEqual(304);
    expect(call.signals.slice(0, 2).map((signal) => signal?.reason?.code)).toEqual([
      'ATTEMPT_TIMEOUT',
      'ATTEMPT_TIMEOUT',
    ]);
    expect(ends(world)).toEqual(['1 failed', '2 failed', '3 answered']);
    await expectAtRest(world);
  });

  test('that times out before the first answers is done with', async () => {
    const world = worldWith({ timeouts: { attemptMs: 2000 } });
    const call = world.call([{ status: 200, afterMs: 1900 }, hang]);
    await world.clock.advance(50);
    world.pace.configure({ defaults: { timeouts: { attemptMs: 500 } } });
    await world.clock.advance(3000);
    expectValue(call, '1#1');
    expect(ends(world)).toEqual(['2 failed', '1 answered']);
    await expectAtRest(world);
  });

  test("ends with the caller's own mistake, whatever the other does", async () => {
    const world = worldWith();
    const call = await callFor(world, 500, [hang, { error: 'bad body', final: true, afterMs: 10 }]);
    expectFailedWith(call, 'bad body');
    await expectAtRest(world);
  });

  test('is sent in the async context of its call', async () => {
    const world = worldWith();
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const outcome = context.run('mine', () =>
      world.pace.run({
        url: `https://${HOST}/`,
        method: 'GET',
        replayable: true,
        send: (): Promise<Outcome<string>> => {
          seen.push(context.getStore());
          if (seen.length === 1) return new Promise(() => {});
          return Promise.resolve({ kind: 'answered', status: 200, value: 'x', header: () => null, discard: () => {} });
        },
      }),
    );
    await world.clock.advance(100);
    await outcome;
    expect(seen).toEqual(['mine', 'mine']);
  });

  test.each(['throws', 'rejects'])('whose send %s has failed', async (how) => {
    const world = worldWith();
    let sends = 0;
    const outcome = world.pace.run({
      url: `https://${HOST}/`,
      method: 'GET',
      replayable: true,
      send: (): Promise<Outcome<number>> => {
        sends += 1;
        if (sends === 2 && how === 'throws') throw new Error('broken');
        if (sends === 2) return Promise.reject(new Error('broken'));
        const answer = { kind: 'answered', status: 200, value: 1, header: () => null, discard: () => {} } as const;
        return new Promise((resolve) => world.clock.setTimer(() => resolve(answer), 500));
      },
    });
    await world.clock.advance(500);
    expect(await outcome).toMatchObject({ kind: 'answered', value: 1 });
    expect(ends(world)).toEqual(['2 failed', '1 answered']);
    await expectAtRest(world);
  });
});

describe('which calls may have one', () => {
  test.each<[string, CallFields]>([
    ['a method that may be sent twice', { method: 'PUT' }],
    ['an Idempotency-Key', { method: 'POST', idempotencyKey: '"k"' }],
    ["the caller's word", { method: 'POST', options: { idempotent: true } }],
  ])('those with %s', async (_, fields) => {
    expectSentAt(await callFor(worldWith(), 500, [SLOW, QUICK], fields), [0, 100]);
  });

  test.each<[string, CallFields]>([
    ['an unsafe method', { method: 'POST' }],
    ['a body that cannot be sent again', { method: 'PUT', replayable: false }],
    ["the caller's word", { options: { idempotent: false } }],
  ])('not those with %s', async (_, fields) => {
    expectSentAt(await callFor(worldWith(), 1500, [SLOW, QUICK], fields), [0]);
  });

  test('those without retries, too: first answers win, and a failure waits for the other', async () => {
    const world = worldWith({ retry: false });
    expectValue(
      await callFor(world, 500, [
        { error: 'lost', afterMs: 150 },
        { status: 200, afterMs: 100 },
      ]),
      '1#2',
    );
    expect((await callFor(world, 500, [SLOW, { status: 503, afterMs: 10 }])).outcome).toMatchObject({ status: 503 });
    await world.clock.advance(2000);
    await expectAtRest(world);
  });
});

describe('when it is due', () => {
  test('after a quantile of what the host took, once enough was measured', async () => {
    const world = worldWith({}, { afterMs: undefined as never, quantile: 0.9, minSamples: 50 });
    for (let n = 0; n < 49; n += 1) await callFor(world, 100, { status: 200, afterMs: n % 10 === 0 ? 90 : 20 });
    const early = await callFor(world, 2000, [SLOW, QUICK]);
    expectSentAt(early, [4900]);
    const late = await callFor(world, 2000, [SLOW, QUICK]);
    const delayMs = late.sentAt[1]! - late.sentAt[0]!;
    expect(delayMs).toBeGreaterThanOrEqual(19);
    expect(delayMs).toBeLessThanOrEqual(95);
  });

  test('a slow host stays slow in the measure, though its slow attempts are aborted', async () => {
    const world = worldWith({}, { afterMs: undefined as never, quantile: 0.9, minSamples: 50 });
    for (let n = 0; n < 2000; n += 1) {
      await callFor(world, 500, [
        { status: 200, afterMs: n % 5 === 0 ? 400 : 20 },
        { status: 200, afterMs: 20 },
      ]);
    }
    expect(world.lane().latency.p90).toBeGreaterThan(100);
    expect(world.lane().counters.hedges).toBeLessThan(450);
  });
});

describe('what it pays', () => {
  test('a token and a slot, or it is not sent: nobody waits for a hedge', async () => {
    for (const policy of [{ concurrency: 1 }, { rate: perSecond(1), burst: 1 }]) {
      const world = worldWith(policy);
      expectSentAt(await callFor(world, 900, [{ status: 200, afterMs: 800 }, QUICK]), [0]);
      await expectAtRest(world);
    }
    const world = worldWith({ rate: perSecond(1), burst: 3, concurrency: 2 });
    world.call([SLOW, SLOW]);
    await world.clock.advance(100);
    expect(world.lane()).toMatchObject({ inFlight: 2, buckets: [{ tokens: 1.1 }] });
    await world.clock.advance(5000);
    await expectAtRest(world);
  });

  test('its share of the first attempts, and no more', async () => {
    const world = worldWith({}, { ratio: 0.1 });
    for (let n = 0; n < 100; n += 1) await callFor(world, 120, [{ status: 200, afterMs: 115 }, QUICK]);
    expect(world.lane().counters).toMatchObject({ calls: 100, hedges: 10 });
  });

  test('and not the retry budget', async () => {
    const world = worldWith({ budget: { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 } });
    await callFor(world, 500, [SLOW, QUICK]);
    expect(world.lane().budget).toBe(1);
  });
});

describe('it is never sent', () => {
  test('while the host is held', async () => {
    const world = worldWith();
    const call = world.call([SLOW, QUICK]);
    await world.clock.advance(50);
    world.pace.hold(HOST, 100);
    await world.clock.advance(2000);
    expectSentAt(call, [0]);
  });

  test('while the pace limits, even where it would let one more leave', async () => {
    const world = worldWith({ pace: {}, retry: false });
    for (let n = 0; n < 50; n += 1) await callFor(world, 100, 200);
    await callFor(world, 10, 503);
    const call = world.call([SLOW, QUICK]);
    await world.clock.advance(150);
    expect(call.sentAt).toHaveLength(1);
    expect(world.lane().pace).not.toBeNull();
    const other = world.call();
    expect(world.lane().queued).toBe(0);
    await world.clock.advance(1500);
    expect([call.sentAt.length, other.sentAt.length]).toEqual([1, 1]);
  });

  test('while others wait', async () => {
    const world = worldWith({ rate: perSecond(100), burst: 2 });
    const call = world.call([SLOW, QUICK]);
    await world.clock.advance(50);
    world.call(200, { options: { cost: 2 } });
    for (let n = 0; n < 20; n += 1) world.call(200, { options: { cost: 2 } });
    await world.clock.advance(300);
    expectSentAt(call, [0]);
  });

  test('while the breaker is not closed, and is no probe', async () => {
    const world = worldWith({ breaker: { consecutiveFailures: 1, openMs: 90 }, retry: false });
    const call = world.call([SLOW, QUICK]);
    world.call(500);
    await world.clock.advance(1500);
    expectSentAt(call, [0]);
    expect(eventsOf(world.events, 'breaker').map((event) => event.state)).toEqual(['open']);
  });

  test('after the engine began to close; one under way is waited for', async () => {
    const world = worldWith();
    const sent = await callFor(world, 110, [SLOW, { status: 200, afterMs: 300 }]);
    const unsent = world.call([{ status: 200, afterMs: 400 }, QUICK]);
    const closed = world.pace.close();
    await world.clock.advance(1000);
    await closed;
    expectValue(sent, '1#2');
    expectSentAt(unsent, [110]);
    await expectAtRest(world);
  });

  test('once the policy has none', async () => {
    const world = worldWith();
    const call = world.call([SLOW, QUICK]);
    world.pace.configure({ defaults: { hedge: false } });
    await world.clock.advance(2000);
    expectSentAt(call, [0]);
    await expectAtRest(world);
  });
});

describe('the end of a hedged call', () => {
  test.each(['before', 'after'])(
    'by its caller, %s the hedge was sent: both are aborted with the reason, all is given back',
    async (when) => {
      const world = worldWith({ concurrency: 2, rate: perSecond(10), burst: 2 });
      const stop = new AbortController();
      const call = await callFor(world, when === 'before' ? 50 : 150, hang, { signal: stop.signal });
      stop.abort('enough');
      await world.clock.settle();
      expectFailedWith(call, 'enough');
      expect(call.signals.map((signal) => signal?.reason)).toEqual(
        when === 'before' ? ['enough'] : ['enough', 'enough'],
      );
      await expectAtRest(world);
    },
  );

  test('by its time', async () => {
    const world = worldWith({ timeouts: { totalMs: 300 } });
    const call = await callFor(world, 310, hang);
    expectRefused(call, 'TOTAL_TIMEOUT');
    expect(call.outcome).toMatchObject({ error: { attempts: 2 } });
    expect(call.signals.every((signal) => signal?.aborted)).toBe(true);
    await expectAtRest(world);
  });

  test('by a listener that hears of the hedge', async () => {
    const world = worldWith();
    const stop = new AbortController();
    world.pace.subscribe((event) => {
      if (event.type === 'attempt' && event.hedge) stop.abort('enough');
    });
    const call = await callFor(world, 200, hang, { signal: stop.signal });
    expectFailedWith(call, 'enough');
    expectSentAt(call, [0]);
    await expectAtRest(world);
  });

  test('by a listener that hears of the loser', async () => {
    const world = worldWith();
    const stop = new AbortController();
    world.pace.subscribe((event) => {
      if (event.type === 'outcome' && event.kind === 'cancelled') stop.abort('enough');
    });
    const call = await callFor(world, 2000, [SLOW, QUICK], { signal: stop.signal });
    expectFailedWith(call, 'enough');
    expect(call.discarded.sort()).toEqual([1, 2]);
    expect(endings(world)).toEqual(['aborted']);
    await expectAtRest(world);
  });

  test('hands the slot of the loser to who waits, in the same step', async () => {
    const world = worldWith({ concurrency: 2 });
    world.call([SLOW, { status: 200, afterMs: 50 }]);
    await world.clock.advance(120);
    const [next, after] = [world.call(SLOW), world.call(SLOW)];
    await world.clock.advance(31);
    expectSentAt(next, [150]);
    expectSentAt(after, [150]);
    await world.clock.advance(3000);
    await expectAtRest(world);
  });
});

describe('a breaker', () => {
  test('learns of both attempts what they came to, and nothing of the one that was cancelled', async () => {
    const world = worldWith({ breaker: { consecutiveFailures: 2, openMs: 1000 }, retry: false });
    await callFor(world, 500, [SLOW, { status: 500, afterMs: 10 }]);
    expect(world.lane().breaker).toMatchObject({ attempts: 1, failures: 1 });
    await callFor(world, 500, [SLOW, QUICK]);
    expect(world.lane().breaker).toMatchObject({ attempts: 2, failures: 1, consecutiveFailures: 0 });
  });
});
