import type { Outcome, Paceline } from '@paceline/core';
import { seededRandom } from '@paceline/core/testing';

/** How one host is called, and how it answers. */
export interface HostTraffic {
  readonly host: string;
  /** Calls that come per second. */
  readonly callsPerSecond: number;
  /** Median time of an answer. */
  readonly latencyMs: number;
  /** Share of answers that are errors. */
  readonly errors: number;
  /** Share of answers that are 429 with a Retry-After of some seconds. */
  readonly throttled?: number;
}

const STEP_MS = 100;

/** Calls to servers that are not there: answers take a while and may be errors. Returns what ends it. */
export function startTraffic(pace: Paceline, hosts: readonly HostTraffic[]): () => void {
  const random = seededRandom(7);
  const timer = setInterval(() => {
    for (const traffic of hosts) {
      const share = (traffic.callsPerSecond * STEP_MS) / 1_000;
      const calls = Math.floor(share) + Number(random() < share % 1);
      for (let call = 0; call < calls; call += 1) void callOnce(pace, traffic, random);
    }
  }, STEP_MS);
  return () => clearInterval(timer);
}

function callOnce(pace: Paceline, traffic: HostTraffic, random: () => number): Promise<Outcome<undefined>> {
  const { host, latencyMs, errors, throttled = 0 } = traffic;
  return pace.run({
    url: `https://${host}/v1/items`,
    method: 'GET',
    replayable: true,
    send: async () => {
      await new Promise((resolve) => setTimeout(resolve, latencyMs * Math.exp(random() + random() - 1)));
      const dice = random();
      const status = dice < throttled ? 429 : dice < throttled + errors ? 503 : 200;
      const header = (name: string): string | undefined =>
        status === 429 && name === 'retry-after' ? String(3 + Math.floor(random() * 9)) : undefined;
      return { kind: 'answered', status, value: undefined, header, discard: () => {} };
    },
  });
}
