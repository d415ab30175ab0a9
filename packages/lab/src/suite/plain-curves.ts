import type { Curves } from '../sim/tally.ts';

/** Load curves as plain JSON. */
export interface PlainCurves {
  readonly binMs: number;
  readonly calls: readonly number[];
  readonly attempts: readonly number[];
  readonly served: readonly number[];
  readonly succeeded: readonly number[];
  readonly queue: readonly number[];
}

export function plainCurves(curves: Curves): PlainCurves {
  return {
    binMs: curves.binMs,
    calls: [...curves.calls],
    attempts: [...curves.attempts],
    served: [...curves.served],
    succeeded: [...curves.succeeded],
    queue: [...curves.queue],
  };
}
