import { type Strategy, TOLD_NOTHING } from '../strategy/strategy.ts';
import { reference } from './plain-client.ts';
import { SlidingCount } from './sliding-count.ts';

const WINDOW_MS = 120_000;
const K = 2;
const MAX_ATTEMPTS = 3;
const RETRY_RATIO = 0.1;

/**
 * Client-side throttling of Google's SRE book: an attempt is refused locally with probability
 * `max(0, (requests − K · accepts) / (requests + 1))`; refused ones count as requests. With the book's bounds on retries: three
 * attempts a call, and a tenth of the process's requests.
 */
export const sreThrottle: Strategy = reference(
  {
    name: 'sre-throttle',
    title: 'SRE adaptive throttling',
    does: 'Refuses attempts itself as its failures grow (K = 2 over two minutes); up to two retries with full jitter, a tenth of its requests.',
    told: TOLD_NOTHING,
    source: 'Site Reliability Engineering, ch. 21 "Handling Overload", https://sre.google/sre-book/handling-overload/',
  },
  (random) => {
    const requests = new SlidingCount(WINDOW_MS);
    const accepts = new SlidingCount(WINDOW_MS);
    const retries = new SlidingCount(WINDOW_MS);
    return {
      allows: (now) => {
        const count = requests.at(now);
        const refusal = Math.max(0, (count - K * accepts.at(now)) / (count + 1));
        requests.add(now);
        return random() >= refusal;
      },
      learn: ({ kind }, now) => {
        if (kind === 'ok') accepts.add(now);
      },
      retryInMs: ({ number }, now) => {
        if (number >= MAX_ATTEMPTS || retries.at(now) + 1 > RETRY_RATIO * requests.at(now)) return undefined;
        retries.add(now);
        return random() * 100 * 2 ** (number - 1);
      },
    };
  },
);
