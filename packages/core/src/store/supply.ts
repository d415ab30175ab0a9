import type { Buckets } from '../lane/buckets.ts';
import type { BucketSnapshot } from '../monitor/snapshot.ts';
import type { RateRule } from '../policy/rules.ts';
import type { OnOutage, StoreState } from './pace-store.ts';
import type { SharedView } from './shared-view.ts';

/** Where a lane's tokens come from, with what that needs: `local` is this process's share of the rate. */
type Source = { readonly state: Exclude<StoreState, 'local'> } | { readonly state: 'local'; readonly buckets: Buckets };

const SHARED: Source = { state: 'shared' };

/** The store, or what the outage policy puts in its place. */
export class Supply {
  readonly #onOutage: OnOutage;
  readonly #view: SharedView;
  #source: Source = SHARED;
  /** The most that a call cost during an outage. */
  #mostCost = 1;

  constructor(onOutage: OnOutage, view: SharedView) {
    this.#onOutage = onOutage;
    this.#view = view;
  }

  get state(): StoreState {
    return this.#source.state;
  }

  /** This process's own buckets during an outage; undefined where it has none. */
  get local(): Buckets | undefined {
    return this.#source.state === 'local' ? this.#source.buckets : undefined;
  }

  /** The store is gone; `leased` tokens of it are still here. */
  lose(rates: readonly RateRule[], leased: number, now: number): void {
    switch (this.#onOutage) {
      case 'local':
        this.#source = { state: 'local', buckets: this.#view.share(rates, this.#mostCost, leased, now) };
        return;
      case 'refuse':
        this.#source = { state: 'refusing' };
        return;
      case 'open':
        this.#source = { state: 'open' };
    }
  }

  /** The store is back; says whether tokens were spent without it, which the view then reckons with. */
  recover(rates: readonly RateRule[], now: number): boolean {
    const isOverdrawn = this.#source.state !== 'refusing';
    if (isOverdrawn) this.#view.reckon(this.snapshot(rates, now), now);
    this.#source = SHARED;
    return isOverdrawn;
  }

  /** A share of the burst may be less than one call costs. */
  makeRoom(cost: number, rates: readonly RateRule[], now: number): void {
    if (cost <= this.#mostCost) return;
    this.#mostCost = cost;
    this.follow(rates, now);
  }

  follow(rates: readonly RateRule[], now: number): void {
    this.local?.follow(this.#view.shares(rates, this.#mostCost), now);
  }

  snapshot(rates: readonly RateRule[], now: number): readonly BucketSnapshot[] {
    switch (this.#source.state) {
      case 'local':
        // What is still leased counts against the share, so this may be below 0.
        return this.#source.buckets.snapshot(now).map((one) => ({ ...one, tokens: Math.max(0, one.tokens) }));
      case 'open':
        // Where nothing is counted, nothing can be relied on to be left.
        return this.#view.snapshot(rates, now).map((one) => ({ ...one, tokens: 0 }));
      default:
        return this.#view.snapshot(rates, now);
    }
  }
}
