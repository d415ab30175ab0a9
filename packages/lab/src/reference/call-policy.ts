import type { Failed, Outcome } from '@paceline/core';

/** What an attempt came to, as far as retry policies tell apart. */
export type Result =
  | { readonly kind: 'ok' }
  | { readonly kind: 'throttled' | 'unavailable'; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'refused' | 'reset' | 'timeout' };

/** What an attempt fails with that took too long. */
export class AttemptTimeout extends Error {
  override readonly name: string = 'AttemptTimeout';
}

/** The part of a library that decides; one for each process. The lab sends, waits and times out for all of them alike. */
export interface CallPolicy {
  /** Whether all attempts of a call, and the waits between them, share one attempt's timeout. */
  readonly sharesTimeout?: boolean;
  /** Whether an attempt may leave now; a call whose attempt may not fails at once. */
  allows?(now: number): boolean;
  /** Learns from every attempt that was sent; `previous` is what the attempt before it in the same call came to. */
  learn?(result: Result, now: number, previous: Result | undefined): void;
  /** How long to wait before trying again; undefined gives up. */
  retryInMs(failed: FailedAttempt, now: number): number | undefined;
}

export interface FailedAttempt {
  /** 1 after the first attempt. */
  readonly number: number;
  readonly result: Result;
}

/** Reads an outcome for a policy. */
export function resultOf(outcome: Outcome<unknown>): Result {
  if (outcome.kind === 'failed') return { kind: failureOf(outcome) };
  if (outcome.status < 400) return { kind: 'ok' };
  const seconds = outcome.header('retry-after');
  const retryAfterMs = typeof seconds === 'string' ? Number(seconds) * 1000 : undefined;
  return { kind: outcome.status === 429 ? 'throttled' : 'unavailable', retryAfterMs };
}

function failureOf({ sent, error }: Failed): 'refused' | 'reset' | 'timeout' {
  if (sent === 'never') return 'refused';
  return error instanceof AttemptTimeout ? 'timeout' : 'reset';
}
