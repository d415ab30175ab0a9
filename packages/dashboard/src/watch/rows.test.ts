import { constant, createPaceline, type Paceline, perSecond } from '@paceline/core';
import { type VirtualClock, virtualClock } from '@paceline/core/testing';
import { describe, expect, test } from 'vitest';
import { Rows } from './rows.ts';

function call(
  pace: Paceline,
  { url = 'https://api.test/', status = 200, key }: { url?: string; status?: number; key?: string } = {},
) {
  return pace.run({
    url,
    method: 'GET',
    replayable: true,
    ...(key !== undefined && { options: { key } }),
    send: async () => ({ kind: 'answered', status, value: '', header: () => null, discard: () => {} }),
  });
}

async function callTimes(pace: Paceline, clock: VirtualClock, times: number): Promise<void> {
  for (let calls = 0; calls < times; calls += 1) void call(pace);
  await clock.settle();
}

describe('a row', () => {
  test('tells attempts a second since the last look, and nothing at the first', async () => {
    const clock = virtualClock();
    const pace = createPaceline({ clock });
    const rows = new Rows();
    await callTimes(pace, clock, 5);
    expect(rows.of(pace.snapshot())[0]?.perSecond).toBeNull();
    await clock.advance(500);
    await callTimes(pace, clock, 20);
    expect(rows.of(pace.snapshot())[0]?.perSecond).toBe(40);
    await clock.advance(2_000);
    expect(rows.of(pace.snapshot())[0]?.perSecond).toBe(0);
  });

  test('does not count what another engine did', async () => {
    const clock = virtualClock();
    const [before, after] = [createPaceline({ clock }), createPaceline({ clock })];
    const rows = new Rows();
    await callTimes(before, clock, 5);
    rows.of(before.snapshot());
    await clock.advance(1_000);
    await callTimes(after, clock, 3);
    expect(rows.of(after.snapshot())[0]?.perSecond).toBeNull();
  });

  test('tells what the snapshot tells: the slowest rate, the emptiest bucket, retries and refusals in all', async () => {
    const clock = virtualClock();
    const rate = [perSecond(10), { limit: 60, perMs: 60_000, burst: 3 }];
    const retry = { maxRetries: 1, backoff: constant(0) };
    const pace = createPaceline({
      clock,
      random: () => 0,
      defaults: { pace: false, rate, retry, queue: { maxLength: 0 } },
    });
    await call(pace, { status: 503 });
    await call(pace);
    await call(pace);
    pace.hold('api.test', 3_000);
    expect(new Rows().of(pace.snapshot())).toMatchObject([
      { host: 'api.test', allowed: 1, tokens: 0, queued: 0, inFlight: 0, retries: 1, refusals: 1, holdMs: 3_000 },
    ]);
  });

  test('shows nothing that would move the cursor', async () => {
    const clock = virtualClock();
    const pace = createPaceline({ clock });
    await call(pace, { key: 'a\u001b[2Jb\nc\u009b' });
    const rows = new Rows();
    expect(rows.of(pace.snapshot())[0]?.host).toBe('a\u{fffd}[2Jb\u{fffd}c\u{fffd}');
    await clock.advance(1_000);
    expect(rows.of(pace.snapshot())[0]?.perSecond).toBe(0);
  });
});

test('those with the most attempts come first', async () => {
  const pace = createPaceline();
  await call(pace, { url: 'https://few.test/' });
  for (let calls = 0; calls < 3; calls += 1) await call(pace, { url: 'https://many.test/' });
  expect(new Rows().of(pace.snapshot()).map(({ host }) => host)).toEqual(['many.test', 'few.test']);
});
