/**
 * A reproducible source of numbers in [0, 1): the same seed gives the same sequence everywhere.
 *
 * Mulberry32: 32 bits of state, fast, good enough for jitter and simulations, not for secrets.
 *
 * @example
 * ```ts
 * import { createPaceline } from '@paceline/core';
 * import { seededRandom } from '@paceline/core/testing';
 *
 * const pace = createPaceline({ random: seededRandom(42) });
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
