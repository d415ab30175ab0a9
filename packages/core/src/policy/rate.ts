import type { Rate } from './options.ts';
import { RATE_FIELDS } from './validate.ts';

export interface RateOptions {
  /** Attempts that may leave at once after a rest. @default the policy's `burst` */
  readonly burst?: number;
}

/**
 * At most `limit` attempts a second, refilled continuously; `Infinity` lifts a limit that would come from `defaults`.
 *
 * @throws TypeError, RangeError unless `limit` is a number above 0 and `burst` one from 1.
 *
 * @example
 * ```ts
 * import { createPaceline, perMinute, perSecond } from '@paceline/core';
 *
 * createPaceline({ defaults: { rate: [perSecond(10), perMinute(300, { burst: 50 })] } });
 * ```
 */
export function perSecond(limit: number, options?: RateOptions): Rate {
  return rateOf('perSecond', 1000, limit, options);
}

/**
 * At most `limit` attempts a minute, refilled continuously: `perMinute(600)` is `perSecond(10)`.
 *
 * @throws TypeError, RangeError as `perSecond` does.
 */
export function perMinute(limit: number, options?: RateOptions): Rate {
  return rateOf('perMinute', 60_000, limit, options);
}

/**
 * At most `limit` attempts an hour, refilled continuously.
 *
 * @throws TypeError, RangeError as `perSecond` does.
 */
export function perHour(limit: number, options?: RateOptions): Rate {
  return rateOf('perHour', 3_600_000, limit, options);
}

function rateOf(name: string, perMs: number, limit: number, { burst }: RateOptions = {}): Rate {
  RATE_FIELDS.limit(limit, name, 'limit');
  if (burst === undefined) return Object.freeze({ limit, perMs });
  RATE_FIELDS.burst(burst, name, 'burst');
  return Object.freeze({ limit, perMs, burst });
}
