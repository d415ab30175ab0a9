import type { Buckets } from '../lane/buckets.ts';
import type { OnOutage, StoreState } from './pace-store.ts';

/** Where a lane's tokens come from, with what that needs: `local` is this process's share of the rate. */
export type Supply =
  | { readonly state: Exclude<StoreState, 'local'> }
  | { readonly state: 'local'; readonly buckets: Buckets };

export const SHARED: Supply = { state: 'shared' };

/** What takes the store's place; `share` makes this process's own buckets. */
export function substitute(onOutage: OnOutage, share: () => Buckets): Supply {
  switch (onOutage) {
    case 'local':
      return { state: 'local', buckets: share() };
    case 'refuse':
      return { state: 'refusing' };
    case 'open':
      return { state: 'open' };
  }
}
