import { setTimeout as sleep } from 'node:timers/promises';
import { createPaceline, type HostPolicy } from '@paceline/core';
import { type PacedFetch, paceFetch } from '@paceline/fetch';
import type { HerdSpec } from '../scenario.ts';
import { type PlannedCall, planCalls } from './plan.ts';

/** One call as its caller saw it. Times are in milliseconds. */
export interface CallResult {
  /** Whether the answer was a 200, read to its end. */
  readonly succeeded: boolean;
  /** Since the start of the run. */
  readonly settledAtMs: number;
  readonly tookMs: number;
}

/** Sends the herd at `url`, each client through its own engine, and waits until every call has come to something. */
export async function runHerd(
  url: string,
  spec: HerdSpec,
  policy: HostPolicy,
  onSettled: () => void,
): Promise<readonly CallResult[]> {
  const engines = Array.from({ length: spec.clients }, () => createPaceline({ defaults: policy }));
  const fetches = engines.map((engine) => paceFetch(engine));
  const results = await playHerd(url, spec, fetches, { onSettled });
  await Promise.all(engines.map((engine) => engine.close()));
  return results;
}

/** Makes every planned call at its time with the fetch of its client. Rejects if the signal ends it. */
export function playHerd(
  url: string,
  spec: HerdSpec,
  fetches: readonly PacedFetch[],
  { onSettled, signal }: { readonly onSettled?: () => void; readonly signal?: AbortSignal },
): Promise<readonly CallResult[]> {
  const startedAt = performance.now();
  const make = async ({ atMs, client }: PlannedCall): Promise<CallResult> => {
    const send = fetches[client] ?? fetch;
    await sleep(atMs, undefined, { signal });
    const calledAt = performance.now();
    const succeeded = await isServed(() => send(url, { pace: spec.call }));
    onSettled?.();
    const now = performance.now();
    return { succeeded, settledAtMs: now - startedAt, tookMs: now - calledAt };
  };
  return Promise.all(planCalls(spec).map(make));
}

async function isServed(send: () => Promise<Response>): Promise<boolean> {
  try {
    const response = await send();
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
