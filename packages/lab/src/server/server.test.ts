import { describe, expect, test } from 'vitest';
import { EventLoop } from '../sim/event-loop.ts';
import { randomStream } from '../sim/random.ts';
import { type Reply, Server } from './server.ts';
import type { Phase, ServerSpec } from './server-spec.ts';

const spec: ServerSpec = {
  workers: 2,
  serviceMs: 100,
  cv: 0,
  queueLength: 1,
  rejectionShare: 0.1,
  abandonedWork: 'done',
};

interface Seen {
  readonly at: number;
  readonly reply: Reply;
}

/** Replies to requests that arrive at these times. */
async function repliesTo(
  times: readonly number[],
  {
    server: changes = {},
    phases = [],
    isWanted = () => true,
  }: { server?: Partial<ServerSpec>; phases?: Phase[]; isWanted?: (now: number) => boolean } = {},
): Promise<{ seen: (Seen | undefined)[]; server: Server }> {
  const loop = new EventLoop();
  const observer = { served: () => undefined, queued: () => undefined };
  const server = new Server({ ...spec, ...changes }, phases, loop, randomStream(1, 'server'), observer);
  const seen = new Array<Seen | undefined>(times.length).fill(undefined);
  times.forEach((time, index) => {
    const answer = (reply: Reply): void => {
      seen[index] = { at: loop.now, reply };
    };
    loop.at(time, () => server.receive({ isWanted: () => isWanted(loop.now), answer }));
  });
  await loop.run(100_000);
  return { seen, server };
}

function statusOf(seen: Seen | undefined): number | string {
  if (seen === undefined) return 'silence';
  return seen.reply.kind === 'answered' ? seen.reply.status : seen.reply.kind;
}

function headersOf(seen: Seen | undefined): Readonly<Record<string, string>> {
  return seen?.reply.kind === 'answered' ? seen.reply.headers : {};
}

describe('a pool of workers', () => {
  test('serves as many as it has workers at once, lets some wait, and turns the rest away at a price', async () => {
    const { seen, server } = await repliesTo([0, 0, 0, 0]);
    expect(seen.map(statusOf)).toEqual([200, 200, 200, 503]);
    expect(seen.map((each) => each?.at)).toEqual([100, 100, 210, 0]);
    expect(server.work).toEqual({ useful: 300, abandoned: 0, rejections: 10 });
  });

  test('works for those who have left, unless it is told to look', async () => {
    const leavers = { isWanted: (now: number) => now < 50 };
    expect((await repliesTo([0, 0, 0], leavers)).server.work.abandoned).toBe(300);
    const looking = await repliesTo([0, 0, 0], { ...leavers, server: { abandonedWork: 'skipped' } });
    expect(looking.server.work.abandoned).toBe(200);
  });

  test('has fewer workers in a brownout, and takes up the line when they are back', async () => {
    const phases = [{ fromMs: 0, toMs: 150, workers: 0 }];
    const { seen } = await repliesTo([10], { phases });
    expect(seen[0]?.at).toBe(250);
  });

  test('is slower for a while, and warms up along a ramp', async () => {
    const phases: Phase[] = [{ fromMs: 0, toMs: 1_000, speed: [0.5, 1] }];
    const { seen } = await repliesTo([0, 500, 2_000], { phases });
    expect(seen.map((each) => Math.round(each?.at ?? 0))).toEqual([200, 633, 2_100]);
  });
});

describe('an outage', () => {
  test('refuses connections, is silent, or is answered by somebody in front', async () => {
    const during = (phase: Partial<Phase>): Phase[] => [{ fromMs: 0, toMs: 10, ...phase }];
    expect((await repliesTo([5], { phases: during({ refuses: true }) })).seen.map(statusOf)).toEqual(['refused']);
    expect((await repliesTo([5], { phases: during({ silence: 1 }) })).seen.map(statusOf)).toEqual(['silence']);
    const frozen = await repliesTo([5], { phases: during({ freezes: true }) });
    expect(frozen.seen).toEqual([{ at: 10, reply: { kind: 'reset' } }]);
    const proxy = await repliesTo([5], { phases: during({ unavailable: true }), server: { retryAfterS: 7 } });
    expect(headersOf(proxy.seen[0])).toEqual({ 'retry-after': '7' });
  });
});

describe('a quota', () => {
  const window = { kind: 'fixed-window', limit: 2, perMs: 10_000 } as const;

  test('of a fixed window lets its limit through, and says when the next one begins', async () => {
    const { seen } = await repliesTo([0, 1_000, 2_500, 10_000], {
      server: { quota: { ...window, hint: 'retry-after' } },
    });
    expect(seen.map(statusOf)).toEqual([200, 200, 429, 200]);
    expect(headersOf(seen[2])).toEqual({ 'retry-after': '8' });
    expect(headersOf(seen[0])).toEqual({});
  });

  test('tells what is left with every answer where it sends RateLimit', async () => {
    const { seen } = await repliesTo([0, 4_000], { server: { quota: { ...window, hint: 'rate-limit' } } });
    expect(seen.map((each) => headersOf(each).ratelimit)).toEqual(['"default";r=1;t=10', '"default";r=0;t=6']);
  });

  test('of a token bucket lets a burst through, then its rate', async () => {
    const quota = { kind: 'token-bucket', limit: 1, perMs: 1_000, burst: 2, hint: 'none' } as const;
    const { seen } = await repliesTo([0, 200, 400, 1_500], { server: { quota } });
    expect(seen.map(statusOf)).toEqual([200, 200, 429, 200]);
    expect(headersOf(seen[2])).toEqual({});
  });
});
