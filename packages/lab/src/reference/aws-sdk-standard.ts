import { type Strategy, TOLD_NOTHING } from '../strategy/strategy.ts';
import type { Result } from './call-policy.ts';
import { reference } from './plain-client.ts';

const CAPACITY = 500;
const TRANSIENT_COST = 10;
const THROTTLING_COST = 5;
const SUCCESS_REFUND = 1;
const MAX_ATTEMPTS = 3;
const LONGEST_DELAY_MS = 20_000;
/** A server's hint adds no more than this to the client's own wait. */
const MOST_HINT_MS = 5_000;

/**
 * Retry quota of the AWS SDK for JavaScript, standard mode: 500 tokens, 10 for a retry after a transient failure, 5 after
 * throttling; a success gives back what the call's last retry cost, or 1.
 */
export const awsSdkStandard: Strategy = reference(
  {
    name: 'aws-sdk',
    title: 'AWS SDK, standard retry quota',
    does: 'Up to two retries with full jitter from 100 ms (500 ms if throttled), paid from a quota of 500 tokens.',
    told: TOLD_NOTHING,
    source:
      'https://github.com/smithy-lang/smithy-typescript packages/util-retry/src/StandardRetryStrategy.ts, constants.ts',
  },
  (random) => {
    let tokens = CAPACITY;
    return {
      learn: (result, _now, previous) => {
        if (result.kind !== 'ok') return;
        tokens = Math.min(CAPACITY, tokens + (previous === undefined ? SUCCESS_REFUND : costOf(previous)));
      },
      retryInMs: ({ number, result }) => {
        const cost = costOf(result);
        if (number >= MAX_ATTEMPTS || tokens < cost) return undefined;
        tokens -= cost;
        const baseMs = result.kind === 'throttled' ? 500 : 100;
        return hinted(Math.floor(random() * Math.min(baseMs * 2 ** (number - 1), LONGEST_DELAY_MS)), result);
      },
    };
  },
);

function costOf({ kind }: Result): number {
  return kind === 'throttled' ? THROTTLING_COST : TRANSIENT_COST;
}

function hinted(delayMs: number, result: Result): number {
  const hintMs = 'retryAfterMs' in result ? (result.retryAfterMs ?? 0) : 0;
  return Math.max(delayMs, Math.min(hintMs, delayMs + MOST_HINT_MS));
}
