/** Streams of luck: each has its own, so that one part of a scenario never shifts another's. */
export const LUCK_OF = { errors: 1, slow: 2, delay: 3 } as const;

/** A number in [0, 1) that depends on nothing else: the luck of the `index`-th request in one stream of a seed. */
export function luck(seed: number, stream: number, index: number): number {
  return mix(mix(seed + Math.imul(stream, 0x85ebca6b)) + Math.imul(index, 0x9e3779b9)) / 4_294_967_296;
}

/** The finalizer of MurmurHash3: every bit of the input reaches every bit of the output. */
function mix(input: number): number {
  let bits = input | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
