import { setTimeout as delay } from 'node:timers/promises';
import { createPaceline, type HostPolicy, type PaceEvent, type Paceline } from '@paceline/core';
import { type RedisClient, type RedisStoreOptions, redisStore } from '@paceline/redis';
import { onTestFinished } from 'vitest';

export const LANE = 'api.test';

/** An engine with a saturated lane, and what became of it. */
export interface Busy {
  readonly pace: Paceline;
  readonly events: PaceEvent[];
  /** When each attempt left. */
  readonly sentAt: number[];
  /** Calls that Paceline ended. */
  readonly failed: unknown[];
  /** State of the lane's store. */
  state(): string | undefined;
}

/** Keeps `pending` calls waiting for a lane until the test is over. */
export function busyEngine(client: RedisClient, policy: HostPolicy, options: RedisStoreOptions, pending = 5): Busy {
  const store = redisStore(client, options);
  const pace = createPaceline({ store, defaults: { retry: false, ...policy } });
  const busy: Busy = {
    pace,
    events: [],
    sentAt: [],
    failed: [],
    state: () => pace.snapshot().lanes[0]?.store?.state,
  };
  pace.subscribe((event) => busy.events.push(event), ['store', 'held', 'released', 'refused']);
  let isOver = false;
  onTestFinished(async () => {
    isOver = true;
    await pace.close();
  });
  const callOn = async (): Promise<void> => {
    while (!isOver) {
      const outcome = await pace.run({
        url: `https://${LANE}/path?secret=1`,
        method: 'GET',
        replayable: true,
        send: async () => {
          busy.sentAt.push(performance.now());
          return { kind: 'answered', status: 200, value: undefined, header: () => null, discard: () => {} };
        },
      });
      if (outcome.kind === 'failed' && !isOver) {
        busy.failed.push(outcome.error);
        await delay(10);
      }
    }
  };
  for (let index = 0; index < pending; index += 1) void callOn();
  return busy;
}

/** Attempts of all engines in [from, to), by performance.now(). */
export function sentWithin(engines: readonly Busy[], from: number, to: number): number {
  return engines.flatMap(({ sentAt }) => sentAt).filter((at) => at >= from && at < to).length;
}

/** The states that a lane's store went through. */
export function statesOf({ events }: Busy): string[] {
  return events.flatMap((event) => (event.type === 'store' ? [event.state] : []));
}
