/** What hosts beyond the bound are called, all together. */
export const OTHER_HOST = 'other';

/**
 * Bounds how many values an attribute takes. First come, first served, and for good: a name that moved from one series to
 * another would leave the old one behind in every exporter that accumulates.
 */
export class Names {
  readonly #most: number;
  readonly #other: string;
  readonly #known = new Set<string>();

  constructor(most: number, other: string) {
    this.#most = most;
    this.#other = other;
  }

  /** The name to report for `name`. */
  of(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#most) return this.#other;
    this.#known.add(name);
    return name;
  }
}
