/** A binary heap: `first` is an item that no other is before. */
export class Heap<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  #items: T[] = [];

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent] as T;
      if (!this.#isBefore(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  shift(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let index = 0;
    for (let child = this.#childBefore(1, last); child !== -1; child = this.#childBefore(2 * index + 1, last)) {
      items[index] = items[child] as T;
      index = child;
    }
    items[index] = last;
  }

  /** Drops every item that `keep` refuses, in one pass. */
  retain(keep: (item: T) => boolean): void {
    const kept = this.#items.filter(keep);
    this.#items = [];
    for (const item of kept) this.push(item);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#items[Symbol.iterator]();
  }

  /** The earlier of the two children at `left`, if it is before `item`; else -1. */
  #childBefore(left: number, item: T): number {
    const items = this.#items;
    if (left >= items.length) return -1;
    const right = left + 1;
    const child = right < items.length && this.#isBefore(items[right] as T, items[left] as T) ? right : left;
    return this.#isBefore(items[child] as T, item) ? child : -1;
  }
}
