import { seededRandom } from '@paceline/core/testing';

/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A stream of its own for every purpose of a run: who draws more numbers from one of them changes nothing in the others, so
 * strategies are compared on the very same calls.
 */
export function randomStream(seed: number, purpose: string, index = 0): Random {
  return seededRandom(hash(`${seed}/${purpose}/${index}`));
}

/** FNV-1a, then the finaliser of MurmurHash3: neighbouring seeds give unrelated streams. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** Times between events that know nothing of each other. */
export function exponentialOf(mean: number, random: Random): number {
  return -mean * Math.log(1 - random());
}

/** One number of a standard normal distribution (Box–Muller). */
export function normalOf(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * A time with this mean and coefficient of variation, gamma distributed: constant at 0, exponential at 1, a long tail above.
 *
 * Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", 2000.
 */
export function gammaOf(mean: number, cv: number, random: Random): number {
  if (cv === 0) return mean;
  const shape = 1 / (cv * cv);
  const scale = mean / shape;
  if (shape >= 1) return scale * standardGamma(shape, random);
  return scale * standardGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
}

/** For shapes from 1. */
function standardGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalOf(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
