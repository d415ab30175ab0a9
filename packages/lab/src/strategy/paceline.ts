import { createPaceline, type HostPolicy, type Rate, strategies } from '@paceline/core';
import type { Scenario } from '../scenario/scenario.ts';
import { nominalCapacity } from '../server/server-spec.ts';
import { type Place, type Strategy, TOLD_NOTHING } from './strategy.ts';

/** The real engine under a policy; `policyFor` makes one for the scenario, as an operator would who reads its documentation. */
export function paceline(
  about: Omit<Strategy, 'open'>,
  policyFor: (scenario: Scenario) => HostPolicy | undefined,
): Strategy {
  return {
    ...about,
    open: ({ clock, random, scenario }: Place) => {
      const { attemptMs, totalMs } = scenario;
      const policy = policyFor(scenario) ?? {};
      return createPaceline({
        clock,
        random,
        defaults: { ...policy, timeouts: { attemptMs, totalMs, ...policy.timeouts } },
      });
    },
  };
}

/** What one process may send if all send the same: its share of the quota, or where there is none, of the full capacity. */
export function fairShare({ server, load }: Scenario): Rate {
  const { quota } = server;
  if (quota !== undefined) return { limit: quota.limit / load.processes, perMs: quota.perMs };
  return { limit: nominalCapacity(server) / load.processes, perMs: 1000 };
}

/** The steps of the story, from no retry at all to a paced one, and the engine as it comes. */
export const ladder: readonly Strategy[] = [
  paceline(
    { name: 'none', title: 'No retry', family: 'ladder', does: 'Sends every call once.', told: TOLD_NOTHING },
    () => ({ retry: false, budget: false, hints: false, pace: false }),
  ),
  paceline(
    {
      name: 'simple',
      title: 'Simple retry',
      family: 'ladder',
      does: 'Up to three retries, each at once.',
      told: TOLD_NOTHING,
    },
    () => strategies.simple,
  ),
  paceline(
    {
      name: 'exponential',
      title: 'Exponential backoff',
      family: 'ladder',
      does: 'Up to three retries, after 100, 200 and 400 ms.',
      told: TOLD_NOTHING,
    },
    () => strategies.exponential,
  ),
  paceline(
    {
      name: 'jittered',
      title: 'Full jitter',
      family: 'ladder',
      does: 'Up to three retries, each after anything up to those times.',
      told: TOLD_NOTHING,
      source: 'M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015',
    },
    () => strategies.jittered,
  ),
  paceline(
    {
      name: 'paced',
      title: 'Paced: pace, bucket, queue, hints',
      family: 'ladder',
      does: "Full jitter, with an adaptive pace, a token bucket and one queue per process, and the server's hints.",
      told: "its fair share as its rate: the server's quota, or else its full capacity, divided by the number of processes",
    },
    (scenario) => ({ ...strategies.paced, rate: fairShare(scenario) }),
  ),
  paceline(
    {
      name: 'default',
      title: 'Paceline as it comes',
      family: 'ladder',
      does: 'The engine with nothing configured.',
      told: TOLD_NOTHING,
    },
    () => undefined,
  ),
];
