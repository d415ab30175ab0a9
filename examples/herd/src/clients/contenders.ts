import { exponential, type HostPolicy, perSecond, strategies } from '@paceline/core';
import { PUBLISHED_CONCURRENCY, type Scenario } from '../scenario.ts';

/** One way to treat a failing server, as every client of a run has it. */
export interface Contender {
  readonly name: string;
  /** What it does, in a few words. */
  readonly what: string;
  /** The policy of one of the scenario's clients. */
  policy(scenario: Scenario): HostPolicy;
}

/** The four steps of the story, in order. */
export const contenders: readonly Contender[] = [
  { name: 'simple', what: 'retries at once', policy: () => strategies.simple },
  {
    name: 'exponential',
    what: 'waits longer before each retry',
    policy: (scenario) => waiting('exponential', 'none', scenario),
  },
  { name: 'jittered', what: 'waits anything up to that', policy: (scenario) => waiting('jittered', 'full', scenario) },
  { name: 'paced', what: 'finds the pace of the server, told nothing', policy: () => strategies.paced },
];

function waiting(name: 'exponential' | 'jittered', jitter: 'none' | 'full', { herd }: Scenario): HostPolicy {
  return { ...strategies[name], retry: { backoff: exponential({ baseMs: herd.backoffBaseMs, jitter }) } };
}

/** What the server's own papers allow one of the clients: the quota is the application's, so each gets an equal share. */
export function shareOfQuota({ server, herd }: Scenario): HostPolicy {
  return {
    ...strategies.paced,
    rate: perSecond(server.quota.perSecond / herd.clients),
    burst: server.quota.burst / herd.clients,
    concurrency: PUBLISHED_CONCURRENCY / herd.clients,
  };
}
