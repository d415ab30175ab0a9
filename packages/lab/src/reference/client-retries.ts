import { type Strategy, TOLD_NOTHING } from '../strategy/strategy.ts';
import type { Result } from './call-policy.ts';
import { reference } from './plain-client.ts';

/**
 * axios-retry 4.5 with its defaults: three retries without a wait of their own, after network errors, 5xx and 429, not after
 * timeouts; Retry-After is obeyed, but `shouldResetTimeout` is off, so that the whole call has the timeout of one attempt and
 * a longer wait is given up at once.
 */
export const axiosRetry: Strategy = reference(
  {
    name: 'axios-retry',
    title: 'axios-retry, defaults',
    does: 'Up to three retries at once after network errors, 5xx and 429; one timeout over all of them.',
    told: TOLD_NOTHING,
    source: 'https://github.com/softonic/axios-retry src/index.ts',
  },
  () => ({
    sharesTimeout: true,
    retryInMs: ({ number, result }) => {
      if (number > 3 || result.kind === 'timeout') return undefined;
      return retryAfterOf(result) ?? 0;
    },
  }),
);

/** ky 2 with its defaults: two retries after 300 and 600 ms without jitter, not after timeouts; Retry-After of 429 and 503. */
export const ky: Strategy = reference(
  {
    name: 'ky',
    title: 'ky, defaults',
    does: 'Up to two retries after 300 and 600 ms, not after a timeout; waits for Retry-After.',
    told: TOLD_NOTHING,
    source: 'https://github.com/sindresorhus/ky source/utils/normalize.ts, source/core/Ky.ts',
  },
  () => ({
    retryInMs: ({ number, result }) => {
      if (number > 2 || result.kind === 'timeout') return undefined;
      return retryAfterOf(result) ?? 300 * 2 ** (number - 1);
    },
  }),
);

function retryAfterOf(result: Result): number | undefined {
  return 'retryAfterMs' in result ? result.retryAfterMs : undefined;
}
