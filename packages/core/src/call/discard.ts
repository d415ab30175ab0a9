import type { Outcome } from './call.ts';

/** Frees what a response holds that nobody will get. */
export function discard(outcome: Outcome<unknown>): void {
  if (outcome.kind !== 'answered') return;
  try {
    outcome.discard();
  } catch {
    // The adapter's promise is not to throw; a broken one must not take the call with it.
  }
}
