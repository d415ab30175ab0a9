import { setTimeout as sleep } from 'node:timers/promises';
import { createPaceline, perSecond } from '@paceline/core';
import { serveDashboard } from '@paceline/dashboard';
import { type PacedFetch, paceFetch } from '@paceline/fetch';
import { shareOfQuota } from '../clients/contenders.ts';
import { playHerd } from '../clients/herd.ts';
import type { Scenario } from '../scenario.ts';
import { openHerdServer } from '../server/herd-server.ts';

/** A herd that goes on until it is closed, with a page to watch and tune it. */
export interface LiveHerd {
  /** The page. */
  readonly url: string;
  /** Requests that have come to the server. */
  arrivals(): number;
  close(): Promise<void>;
}

/** Opens server, engine and page, and plays the scenario's calls again and again. Port 0 is a free one. */
export async function openLiveHerd(scenario: Scenario, port: number): Promise<LiveHerd> {
  let arrivals = 0;
  const server = await openHerdServer(scenario.server, () => {
    arrivals += 1;
  });
  // A quarter under the quota: whoever drags it above sees the server object.
  const rate = perSecond(scenario.server.quota.perSecond * 0.75);
  const pace = createPaceline({ defaults: { ...shareOfQuota(scenario), rate } });
  const dashboard = await serveDashboard(pace, { port, tune: true });
  const over = new AbortController();
  server.start();
  const playing = goRound(`http://127.0.0.1:${server.port}/`, scenario, paceFetch(pace), over.signal);
  return {
    url: dashboard.url,
    arrivals: () => arrivals,
    async close() {
      over.abort();
      await Promise.all([playing, pace.close(), dashboard.close()]);
      await server.close();
    },
  };
}

async function goRound(url: string, { herd }: Scenario, send: PacedFetch, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Calls of one round may end in the next.
    playHerd(url, herd, [send], { signal }).catch(() => {});
    await sleep(herd.stream.forMs, undefined, { signal }).catch(() => {});
  }
}
