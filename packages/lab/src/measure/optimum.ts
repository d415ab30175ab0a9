import type { Arrivals } from '../scenario/arrivals.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { capacityAt, type QuotaSpec } from '../server/server-spec.ts';

const STEP_MS = 5;

/**
 * Calls that could end well within `withinMs` of their arrival, by an oracle that sees the server's capacity and quota at every
 * moment, sends exactly what can be served and loses nothing to errors: all calls wait in one line, the oldest goes first, and
 * who can no longer be in time leaves. All deadlines being equally long, no other order serves more (earliest deadline first).
 */
export function optimalSuccesses(scenario: Scenario, arrivals: Arrivals, withinMs: number): number {
  const { server, phases, totalMs, endMs, roundTripMs } = scenario;
  const mostWaitMs = Math.min(withinMs, totalMs) - server.serviceMs - roundTripMs;
  const quota = server.quota === undefined ? undefined : openAllowance(server.quota);
  let served = 0;
  let next = 0;
  let credit = server.workers;
  for (let now = 0; now <= endMs + totalMs && next < arrivals.at.length; now += STEP_MS) {
    // What the workers could have done while nobody waited is lost, but for one request each.
    credit = Math.min(server.workers, credit + (capacityAt(server, phases, now) * STEP_MS) / 1000);
    quota?.refill(now);
    while (next < arrivals.at.length && (arrivals.at[next] ?? 0) < now - mostWaitMs) next += 1;
    while (credit >= 1 && (arrivals.at[next] ?? Infinity) <= now && quota?.take() !== false) {
      next += 1;
      served += 1;
      credit -= 1;
    }
  }
  return served;
}

interface Allowance {
  refill(now: number): void;
  take(): boolean;
}

function openAllowance({ kind, limit, perMs, burst = limit }: QuotaSpec): Allowance {
  let left = kind === 'fixed-window' ? limit : burst;
  let window = 0;
  return {
    refill: (now) => {
      const current = Math.floor(now / perMs);
      if (kind === 'token-bucket') left = Math.min(burst, left + (limit * STEP_MS) / perMs);
      else if (current > window) left = limit;
      window = current;
    },
    take: () => {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
