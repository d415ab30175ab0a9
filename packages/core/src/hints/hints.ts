import { exhaustedForMs } from './rate-limit.ts';
import { retryAfterMs, retryAfterMsField } from './retry-after.ts';
import { type Headed, serverNow, type WallClock } from './server-now.ts';

/** What an answer's headers ask of whoever sends the next attempt. */
export interface Hints {
  /** Milliseconds from now, at least 0. */
  readonly waitMs: number;
  readonly source: 'retry-after' | 'rate-limit';
  /** Who waits: everybody who wants to reach the host, or this call before it is tried again. */
  readonly scope: 'host' | 'call';
}

/** The part of an answer that hints are read from. */
export interface HintedAnswer extends Headed {
  readonly status: number;
}

/**
 * Reads what the server asks for; undefined if it asks for nothing. Retry-After goes before RateLimit, as the draft of
 * the latter demands. A `header` that throws counts as no hint: an answer's headers never stop a lane.
 *
 * Runs for every answer. One without such headers costs six look-ups and does not read the wall clock.
 */
export function readHints(
  answer: HintedAnswer,
  rules: { readonly rateLimitHeaders: boolean },
  clock: WallClock,
): Hints | undefined {
  try {
    return retryAfterHint(answer, clock) ?? (rules.rateLimitHeaders ? rateLimitHint(answer, clock) : undefined);
  } catch {
    return undefined;
  }
}

function retryAfterHint(answer: HintedAnswer, clock: WallClock): Hints | undefined {
  const { status } = answer;
  // Only refusals carry the finer field, so a plain answer is not asked for it.
  const fine = status >= 400 ? retryAfterMsField(answer.header('retry-after-ms')) : undefined;
  const coarse = answer.header('retry-after');
  if (fine === undefined && !coarse) return undefined;
  const waitMs = fine ?? retryAfterMs(coarse, () => serverNow(answer, clock));
  if (waitMs === undefined) return undefined;
  return { waitMs, source: 'retry-after', scope: status === 429 || status === 503 ? 'host' : 'call' };
}

function rateLimitHint(answer: HintedAnswer, clock: WallClock): Hints | undefined {
  const waitMs = exhaustedForMs(answer, clock);
  return waitMs === undefined ? undefined : { waitMs, source: 'rate-limit', scope: 'host' };
}
