import type { StopReason } from '../retry/reasons.ts';

/** What became of a call that did not simply succeed. */
export interface Settlement {
  /** Why it was not tried (again). */
  readonly reason: StopReason;
  readonly host: string;
  /** Attempts that were sent. */
  readonly attempts: number;
  /** Set where the caller got the value of its fallback. */
  readonly fallback?: true;
}

const SETTLEMENT = Symbol.for('@paceline/settlement');

/**
 * What Paceline knows of a call by what it ended with: the transport's own errors and responses are passed on as they are,
 * and carry this out of sight. Where a client has made an error of them, it is found in its `cause` or its `response`.
 * Undefined for answers that asked for no retry, and for what passed no engine.
 *
 * @example
 * ```ts
 * import { settlementOf } from '@paceline/core';
 *
 * try {
 *   const response = await fetch('https://api.example.com', { method: 'POST' });
 *   if (!response.ok) console.warn(settlementOf(response)?.reason); // 'not-idempotent', say
 * } catch (error) {
 *   console.warn(settlementOf(error)?.reason); // 'retries-exhausted', say
 * }
 * ```
 */
export function settlementOf(result: unknown): Settlement | undefined {
  const { cause, response }: Partial<Record<'cause' | 'response', unknown>> = Object(result);
  return notedOn(result) ?? notedOn(cause) ?? notedOn(response);
}

function notedOn(bearer: unknown): Settlement | undefined {
  return (Object(bearer) as { [SETTLEMENT]?: Settlement })[SETTLEMENT];
}

/** Notes a settlement on an error or a response, out of sight of logs and JSON. */
export function noteSettlement(result: unknown, settlement: Settlement): void {
  if (typeof result !== 'object' || result === null || !Object.isExtensible(result)) return;
  Object.defineProperty(result, SETTLEMENT, { value: settlement, configurable: true });
}
