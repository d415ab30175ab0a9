/** Counts over the last `windowMs`, in tenths of it. */
export class SlidingCount {
  readonly #sliceMs: number;
  readonly #slices: { readonly number: number; count: number }[] = [];
  #total = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / 10;
  }

  add(now: number): void {
    const number = Math.floor(now / this.#sliceMs);
    const last = this.#slices.at(-1);
    if (last?.number === number) last.count += 1;
    else this.#slices.push({ number, count: 1 });
    this.#total += 1;
  }

  at(now: number): number {
    const oldest = Math.floor(now / this.#sliceMs) - 9;
    while ((this.#slices[0]?.number ?? oldest) < oldest) this.#total -= this.#slices.shift()?.count ?? 0;
    return this.#total;
  }
}
