import { type Strategy, TOLD_NOTHING } from '../strategy/strategy.ts';
import { reference } from './plain-client.ts';

const MAX_TOKENS = 10;
const TOKEN_RATIO = 0.1;
const MAX_ATTEMPTS = 4;

/** gRPC's retry throttling with the example values of its specification. HTTP's 503, 429 and lost connections are its UNAVAILABLE. */
export const grpcThrottle: Strategy = reference(
  {
    name: 'grpc',
    title: 'gRPC retry throttling',
    does: 'Up to three retries with full jitter from 100 ms to 1 s, while failures are few: −1 each, +0.1 a success, none at half of 10.',
    told: TOLD_NOTHING,
    source: 'https://github.com/grpc/proposal/blob/master/A6-client-retries.md',
  },
  (random) => {
    let tokens = MAX_TOKENS;
    return {
      learn: ({ kind }) => {
        tokens = kind === 'ok' ? Math.min(MAX_TOKENS, tokens + TOKEN_RATIO) : Math.max(0, tokens - 1);
      },
      retryInMs: ({ number }) => {
        if (number >= MAX_ATTEMPTS || tokens <= MAX_TOKENS / 2) return undefined;
        return random() * Math.min(100 * 2 ** (number - 1), 1_000);
      },
    };
  },
);
