/** Why Paceline itself ended a call. */
export type PacelineErrorCode =
  | 'QUEUE_FULL'
  | 'QUEUE_TIMEOUT'
  | 'TOTAL_TIMEOUT'
  | 'ATTEMPT_TIMEOUT'
  | 'CIRCUIT_OPEN'
  | 'DROPPED'
  | 'CLOSED'
  | 'STORE_UNAVAILABLE';

/** What a `PacelineError` tells besides its code. */
export interface PacelineErrorFacts {
  /** Lane key of the call. */
  readonly host: string;
  /** Attempts that had been sent. */
  readonly attempts: number;
  /** When a new call may have better luck, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('@paceline/error');

/**
 * Something that Paceline did: refused, dropped or timed out a call. Failures of the server or the network are never
 * wrapped; they reach the caller as the client's own result or error.
 */
export class PacelineError extends Error {
  override readonly name: string = 'PacelineError';
  readonly code: PacelineErrorCode;
  readonly host: string;
  readonly attempts: number;
  readonly retryAfterMs: number | undefined;

  constructor(code: PacelineErrorCode, message: string, facts: PacelineErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    Object.defineProperty(this, BRAND, { value: true });
    this.code = code;
    this.host = facts.host;
    this.attempts = facts.attempts;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/**
 * Whether `error` came from Paceline, and with that code if one is given. Works across duplicate copies of the package,
 * where `instanceof` does not.
 *
 * @example
 * ```ts
 * import { isPacelineError } from '@paceline/core';
 *
 * function shouldShed(error: unknown): boolean {
 *   return isPacelineError(error, 'QUEUE_FULL') || isPacelineError(error, 'QUEUE_TIMEOUT');
 * }
 * ```
 */
export function isPacelineError(error: unknown, code?: PacelineErrorCode): error is PacelineError {
  if (typeof error !== 'object' || error === null || !(BRAND in error)) return false;
  return code === undefined || (error as { readonly code?: unknown }).code === code;
}
