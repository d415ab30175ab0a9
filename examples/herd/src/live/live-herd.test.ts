import { setTimeout as sleep } from 'node:timers/promises';
import type { LaneSnapshot, Snapshot } from '@paceline/core';
import { expect, onTestFinished, test } from 'vitest';
import { liveScenario } from '../scenario.ts';
import { openLiveHerd } from './live-herd.ts';

interface Look {
  /** Milliseconds of the engine's clock. */
  readonly at: number;
  readonly lane: LaneSnapshot;
  /** Requests that have come to the server. */
  readonly arrivals: number;
}

/** More calls than any of the rates below, at a server that nothing befalls. */
const scenario = {
  server: { ...liveScenario.server, script: [], hangEvery: Number.POSITIVE_INFINITY },
  herd: { ...liveScenario.herd, stream: { perSecond: 150, forMs: 60_000 } },
};

test('a limit that is changed through the page is what the server sees from then on', async () => {
  const herd = await openLiveHerd(scenario, 0);
  onTestFinished(() => herd.close());

  const look = async (): Promise<Look> => {
    // Counted first, so that none is of an attempt that the snapshot does not know.
    const arrivals = herd.arrivals();
    const { at, lanes } = (await (await fetch(new URL('snapshot.json', herd.url))).json()) as Snapshot;
    const [lane] = lanes;
    return lane === undefined ? sleep(50).then(look) : { at, lane, arrivals };
  };
  const { lane } = await look();
  const tune = async (limit: number): Promise<void> => {
    const settings = { rate: { limit, perMs: 1_000, burst: limit }, concurrency: 100 };
    const response = await fetch(new URL('tune', herd.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ host: lane.host, settings }),
    });
    expect([response.status, await response.text()]).toEqual([200, '{"done":true}']);
  };
  /** A moment at which calls wait for the next token. */
  const whenSpent = async (): Promise<Look> => {
    const now = await look();
    const isSpent = now.lane.queued > 0 && now.lane.buckets.every(({ tokens }) => tokens < 1);
    return isSpent ? now : sleep(20).then(whenSpent);
  };

  for (const limit of [20, 60, 10]) {
    await tune(limit);
    const before = await whenSpent();
    await sleep(2_000);
    const after = await look();
    const sent = after.lane.counters.attempts - before.lane.counters.attempts;
    const allowed = (limit * (after.at - before.at)) / 1_000;
    expect(sent).toBeLessThanOrEqual(allowed + 1);
    expect(sent).toBeGreaterThan(allowed * 0.7);
  }
  const { arrivals, lane: last } = await look();
  expect(arrivals).toBeLessThanOrEqual(last.counters.attempts);
  expect(arrivals).toBeGreaterThan(0.8 * last.counters.attempts);
}, 60_000);
