import { createPaceline, perSecond } from '@paceline/core';
import { bulkhead, ExponentialBackoff, handleAll, retry, TimeoutStrategy, timeout, wrap } from 'cockatiel';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { interleave, ratioOf, type Timed } from '../measure/interleave.ts';
import { oneByOne } from '../measure/patterns.ts';
import { digits, spread } from '../measure/summary.ts';
import { ANSWER, paced } from '../peers/wrappers.ts';
import { atMost, type Table } from '../report/table.ts';
import type { Effort } from '../scenario.ts';

const ATTEMPT_MS = 10_000;
const ALWAYS = 1e9;

/** The caller's own signal, as a server has one for each request that it serves. */
const { signal } = new AbortController();

/** Every send looks at the signal that it is given, as real ones do. */
const task = async (given?: AbortSignal): Promise<typeof ANSWER> => {
  given?.throwIfAborted();
  return ANSWER;
};

/** Calls with the caller's signal and an attempt timeout: a timer and a controller each, if one is careless. */
export async function timeouts(effort: Effort): Promise<readonly Table[]> {
  const rounds = effort === 'quick' ? { rounds: 3, roundMs: 10 } : { rounds: 21, roundMs: 60 };
  const timings = await interleave(contenders(), rounds);
  return [
    {
      title: 'One call with a signal and a timeout',
      intro:
        'The same, with a signal of the caller that lives on and a timeout of one attempt. The floors show what the platform’s own pieces cost.',
      columns: ['', 'ns', 'ratio'],
      rows: timings.map(({ name, ns, ratio }) => [name, digits(ns.median), spread(ratio)]),
      notes: ['p-retry and p-queue 10 know signals, but only p-queue knows a timeout, and it does not abort the work.'],
      targets: [atMost('the same with a signal and a timeout', 20, ratioOf('**Paceline**', timings), '×')],
    },
  ];
}

function contenders(): Timed[] {
  const send = paced(createPaceline({ defaults: { rate: perSecond(ALWAYS), concurrency: ALWAYS } }), {
    signal,
    options: { attemptMs: ATTEMPT_MS },
  });
  const policy = wrap(
    bulkhead(ALWAYS),
    retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
    timeout(ATTEMPT_MS, TimeoutStrategy.Cooperative),
  );
  const queue = new PQueue({ concurrency: ALWAYS, timeout: ATTEMPT_MS });
  return [
    oneByOne('floor: `await task()`', () => task(signal)),
    oneByOne('floor: an AbortController that follows the signal', followed),
    oneByOne('floor: AbortSignal.any([signal, AbortSignal.timeout()])', () =>
      task(AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)])),
    ),
    oneByOne('**Paceline**', () => send(task)),
    oneByOne('p-queue + p-retry', () =>
      queue.add(() => pRetry(() => task(signal), { retries: 3, signal }), { signal }),
    ),
    oneByOne('cockatiel (retry + bulkhead + timeout)', () => policy.execute((context) => task(context.signal), signal)),
  ];
}

async function followed(): Promise<unknown> {
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await task(own.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
