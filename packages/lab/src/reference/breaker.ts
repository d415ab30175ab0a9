import { type Strategy, TOLD_NOTHING } from '../strategy/strategy.ts';
import { reference } from './plain-client.ts';

const THRESHOLD = 5;
const OPEN_MS = 10_000;
const MAX_ATTEMPTS = 4;

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open' };

/** cockatiel's documented example: a breaker that opens after five failures in a row, for 10 s, and then tries one; inside a retry with full jitter. */
export const breaker: Strategy = reference(
  {
    name: 'breaker',
    title: 'Circuit breaker, 5 in a row',
    does: 'Up to three retries with full jitter; after five failures in a row nothing leaves for 10 s, then one probe.',
    told: TOLD_NOTHING,
    source: 'https://github.com/connor4312/cockatiel readme (ConsecutiveBreaker(5), halfOpenAfter 10 s)',
  },
  (random) => {
    let state: State = { kind: 'closed', failures: 0 };
    return {
      allows: (now) => {
        if (state.kind === 'closed') return true;
        if (state.kind === 'half-open' || now < state.until) return false;
        state = { kind: 'half-open' };
        return true;
      },
      learn: ({ kind }, now) => {
        if (kind === 'ok') state = { kind: 'closed', failures: 0 };
        else if (state.kind === 'half-open') state = { kind: 'open', until: now + OPEN_MS };
        else if (state.kind === 'closed') {
          const failures = state.failures + 1;
          state = failures < THRESHOLD ? { kind: 'closed', failures } : { kind: 'open', until: now + OPEN_MS };
        }
      },
      retryInMs: ({ number }) => (number >= MAX_ATTEMPTS ? undefined : random() * 100 * 2 ** (number - 1)),
    };
  },
);
