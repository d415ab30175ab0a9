import type { Outcome } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { EventLoop } from '../sim/event-loop.ts';
import { scenarioNamed, strategyNamed } from '../suite/names.ts';

type Answer = number | 'refused' | 'reset' | 'silence';

/** When the attempts of one call leave under a strategy, if these are the answers, and what the call ends with. */
async function attemptsUnder(
  strategy: string,
  answers: readonly Answer[],
  headers: Record<string, string> = {},
): Promise<number[]> {
  const loop = new EventLoop();
  const client = strategyNamed(strategy).open({
    clock: loop.clock,
    random: () => 0.5,
    process: 0,
    scenario: scenarioNamed('healthy'),
  });
  const sentAt: number[] = [];
  loop.at(0, () => {
    void client.run({
      url: 'https://a.lab/',
      method: 'GET',
      replayable: true,
      send: () => reply(answers[sentAt.push(loop.now) - 1] ?? 200),
    });
  });
  const reply = (answer: Answer): Promise<Outcome<undefined>> => {
    if (answer === 'silence') return new Promise(() => undefined);
    if (answer === 'reset') return Promise.reject(new Error('reset'));
    if (answer === 'refused') return Promise.resolve({ kind: 'failed', error: new Error('refused'), sent: 'never' });
    return Promise.resolve({
      kind: 'answered',
      status: answer,
      value: undefined,
      header: (name) => headers[name],
      discard: () => undefined,
    });
  };
  await loop.run(60_000);
  return sentAt;
}

describe('what others do', () => {
  test('axios-retry sends three times more at once, not after a timeout, and gives up a long Retry-After', async () => {
    expect(await attemptsUnder('axios-retry', [503, 'reset', 'refused', 429])).toEqual([0, 0, 0, 0]);
    expect(await attemptsUnder('axios-retry', ['silence'])).toEqual([0]);
    expect(await attemptsUnder('axios-retry', [503], { 'retry-after': '5' })).toEqual([0]);
  });

  test('ky waits 300 and 600 ms, or as long as the server says', async () => {
    expect(await attemptsUnder('ky', [503, 503, 503])).toEqual([0, 300, 900]);
    expect(await attemptsUnder('ky', [429, 200], { 'retry-after': '5' })).toEqual([0, 5_000]);
    expect(await attemptsUnder('ky', ['silence'])).toEqual([0]);
  });

  test('the AWS SDK waits up to 100 and 200 ms, five times that if throttled, and adds 5 s of a hint at most', async () => {
    expect(await attemptsUnder('aws-sdk', [503, 503, 503])).toEqual([0, 50, 150]);
    expect(await attemptsUnder('aws-sdk', [429, 200])).toEqual([0, 250]);
    expect(await attemptsUnder('aws-sdk', [503, 200], { 'retry-after': '9' })).toEqual([0, 5_050]);
  });

  test('gRPC stops its retries at half of its tokens', async () => {
    expect(await attemptsUnder('grpc', [503, 503, 503, 503])).toEqual([0, 50, 150, 350]);
  });

  test('a breaker waits for its probe', async () => {
    expect(await attemptsUnder('breaker', ['silence', 'silence'])).toEqual([0, 1_050, 2_150]);
  });
});
