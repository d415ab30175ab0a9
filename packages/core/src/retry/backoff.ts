import { PACE } from '../pace/constants.ts';
import { type Fields, number, object, oneOf } from '../policy/check.ts';

/** What a backoff may look at. */
export interface BackoffStep {
  /** 0 before the first retry. */
  readonly retry: number;
  /** The call's last backoff in milliseconds; 0 before the first retry. */
  readonly previousMs: number;
  /** How bad the host's outcomes have been lately, from 0 (all good) to 1 (all bad); 0 where the pace is off. */
  readonly badness: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A pure rule for a call's own wait before its next attempt. */
export interface Backoff {
  /** Milliseconds, at least 0. */
  delayMs(step: BackoffStep): number;
}

/**
 * How a backoff is spread, so that clients which failed together do not come back together. With `e` the wait without
 * jitter: `none` is e; `full` is anything in [0, e); `equal` is in [e/2, e); `decorrelated` is in [base, 3 × the last
 * wait), capped.
 *
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export type Jitter = 'none' | 'full' | 'equal' | 'decorrelated';

export interface ExponentialOptions {
  /** Wait before the first retry, in milliseconds. @default 100 */
  readonly baseMs?: number;
  /** No wait is longer, in milliseconds. @default 20_000 */
  readonly capMs?: number;
  /** @default 'full' */
  readonly jitter?: Jitter;
}

export interface LinearOptions {
  /** Wait before the first retry, in milliseconds. */
  readonly baseMs: number;
  /** What each further retry adds, in milliseconds. @default baseMs */
  readonly stepMs?: number;
  /** No wait is longer, in milliseconds. @default 20_000 */
  readonly capMs?: number;
  /** @default 'none' */
  readonly jitter?: Exclude<Jitter, 'decorrelated'>;
}

/** Doubling beyond this would only overflow; every sensible cap is reached long before. */
const MOST_DOUBLINGS = 40;

const time = number({ from: 0 });

const exponentialFields: Fields<ExponentialOptions> = {
  baseMs: time,
  capMs: time,
  jitter: oneOf('none', 'full', 'equal', 'decorrelated'),
};

const linearFields: Fields<LinearOptions> = {
  baseMs: time,
  stepMs: time,
  capMs: time,
  jitter: oneOf('none', 'full', 'equal'),
};

const checkExponential = object({ ...exponentialFields });
const checkLinear = object({ ...linearFields }, { required: ['baseMs'] });

/**
 * Doubles with every retry: `min(capMs, baseMs · 2^retry)`, then jitter.
 *
 * @throws TypeError for an unknown option, a wrong type or an unknown jitter, RangeError for a time that is negative or
 * not finite.
 *
 * @example
 * ```ts
 * import { createPaceline, exponential } from '@paceline/core';
 *
 * createPaceline({ defaults: { retry: { backoff: exponential({ baseMs: 50, jitter: 'equal' }) } } });
 * ```
 */
export function exponential(options: ExponentialOptions = {}): Backoff {
  checkExponential(options, '', 'exponential');
  const { baseMs = 100, capMs = 20_000, jitter = 'full' } = options;
  if (jitter === 'decorrelated') {
    return {
      delayMs: ({ previousMs, random }) => {
        const floor = Math.min(baseMs, capMs);
        const ceiling = Math.max(floor, Math.min(Number.MAX_VALUE, 3 * (previousMs || baseMs)));
        return Math.min(capMs, floor + random() * (ceiling - floor));
      },
    };
  }
  return {
    delayMs: ({ retry, random }) =>
      spread(Math.min(capMs, baseMs * 2 ** Math.min(retry, MOST_DOUBLINGS)), jitter, random),
  };
}

/**
 * The default: `exponential` with full jitter, whose base grows with the host's badness from 100 ms to a second. Who fails
 * beside everybody else has to come back over a longer time, or all come back together.
 */
export const stretched: Backoff = {
  delayMs: ({ retry, badness, random }) =>
    random() * Math.min(20_000, 100 * PACE.stretch ** badness * 2 ** Math.min(retry, MOST_DOUBLINGS)),
};

/**
 * Grows by the same amount with every retry: `min(capMs, baseMs + stepMs · retry)`, then jitter.
 *
 * @throws TypeError, RangeError as `exponential` does.
 */
export function linear(options: LinearOptions): Backoff {
  checkLinear(options, '', 'linear');
  const { baseMs, stepMs = baseMs, capMs = 20_000, jitter = 'none' } = options;
  return { delayMs: ({ retry, random }) => spread(Math.min(capMs, baseMs + stepMs * retry), jitter, random) };
}

/**
 * Always the same wait.
 *
 * @throws TypeError unless `ms` is a number, RangeError if it is negative or not finite.
 */
export function constant(ms: number): Backoff {
  time(ms, '', 'constant');
  return { delayMs: () => ms };
}

/** No wait of the call's own. */
export const immediate: Backoff = { delayMs: () => 0 };

function spread(ms: number, jitter: Exclude<Jitter, 'decorrelated'>, random: () => number): number {
  if (jitter === 'full') return random() * ms;
  if (jitter === 'equal') return ms / 2 + (random() * ms) / 2;
  return ms;
}
