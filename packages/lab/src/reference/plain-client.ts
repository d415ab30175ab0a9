import type { Call, Clock, Failed, Outcome } from '@paceline/core';
import type { Client, Place, Strategy } from '../strategy/strategy.ts';
import { AttemptTimeout, type CallPolicy, type Result, resultOf } from './call-policy.ts';

/** A strategy that is somebody else's policy around plain sends. */
export function reference(
  about: Omit<Strategy, 'open' | 'family'>,
  policyOf: (random: () => number) => CallPolicy,
): Strategy {
  return { ...about, family: 'others', open: (place) => plainClient(policyOf(place.random), place) };
}

function plainClient(policy: CallPolicy, place: Place): Client {
  const { attemptMs, totalMs } = place.scenario;
  const patienceMs = policy.sharesTimeout === true ? Math.min(attemptMs, totalMs) : totalMs;
  return { run: (call) => tryUntil(place.clock.now() + patienceMs, call, policy, place) };
}

async function tryUntil<R>(until: number, call: Call<R>, policy: CallPolicy, place: Place): Promise<Outcome<R>> {
  const { clock, scenario } = place;
  let previous: Result | undefined;
  for (let number = 1; ; number += 1) {
    if (policy.allows?.(clock.now()) === false) return failed(new Error('Refused by the client itself'), 'never');
    const outcome = await sendOnce(call, number, Math.min(scenario.attemptMs, until - clock.now()), clock);
    const result = resultOf(outcome);
    policy.learn?.(result, clock.now(), previous);
    const delayMs = result.kind === 'ok' ? undefined : policy.retryInMs({ number, result }, clock.now());
    if (delayMs === undefined || clock.now() + delayMs >= until) return outcome;
    if (delayMs > 0) await sleep(delayMs, clock);
    previous = result;
  }
}

function sendOnce<R>(call: Call<R>, number: number, timeoutMs: number, clock: Clock): Promise<Outcome<R>> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const timer = clock.setTimer(() => {
      controller.abort();
      resolve(failed(new AttemptTimeout('Timed out'), 'maybe'));
    }, timeoutMs);
    const settle = (outcome: Outcome<R>): void => {
      timer.cancel();
      resolve(outcome);
    };
    call.send({ number, signal: controller.signal }).then(settle, (error: unknown) => settle(failed(error, 'maybe')));
  });
}

function sleep(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, ms);
  });
}

function failed(error: unknown, sent: Failed['sent']): Failed {
  return { kind: 'failed', error, sent };
}
