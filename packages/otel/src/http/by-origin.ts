import { originOf } from './server.ts';

/** Origins of which something is kept at hand; beyond this it is made anew. */
const MAX_ORIGINS = 1_000;

/** Keeps what was made for an origin, since parsing a URL costs more than all the rest. */
export class ByOrigin<T> {
  readonly #made = new Map<string, T>();

  /** What belongs to the origin of `url`. */
  of(url: string, make: () => T): T {
    const origin = originOf(url);
    const known = this.#made.get(origin);
    if (known !== undefined) return known;
    if (this.#made.size >= MAX_ORIGINS) this.#made.clear();
    const made = make();
    this.#made.set(origin, made);
    return made;
  }
}
