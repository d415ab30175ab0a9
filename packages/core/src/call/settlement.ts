import type { StopReason } from '../retry/reasons.ts';

/** What became of a call that failed, beside its error. */
export interface Settlement {
  /** Why it was not tried (again). */
  readonly reason: StopReason;
  readonly host: string;
  /** Attempts that were sent. */
  readonly attempts: number;
}

const SETTLEMENT = Symbol.for('@paceline/settlement');

/**
 * What Paceline knows of a call by the error it ended with: the transport's own errors are passed on as they are, and
 * carry this out of sight. Undefined for errors that passed no engine.
 *
 * @example
 * ```ts
 * import { settlementOf } from '@paceline/core';
 *
 * try {
 *   await fetch('https://api.example.com', { method: 'POST' });
 * } catch (error) {
 *   console.warn(settlementOf(error)?.reason); // 'not-idempotent', say
 * }
 * ```
 */
export function settlementOf(error: unknown): Settlement | undefined {
  return typeof error === 'object' && error !== null
    ? (error as { [SETTLEMENT]?: Settlement })[SETTLEMENT]
    : undefined;
}

/** Notes a settlement on an error; not enumerable, so that it shows in no log and no JSON. */
export function noteSettlement(error: unknown, settlement: Settlement): void {
  if (typeof error !== 'object' || error === null || !Object.isExtensible(error)) return;
  Object.defineProperty(error, SETTLEMENT, { value: settlement, configurable: true });
}
