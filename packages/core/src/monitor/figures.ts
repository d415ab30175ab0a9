import type { PacelineErrorCode } from '../errors.ts';
import type { RetryReason } from '../retry/reasons.ts';
import { Histogram } from './histogram.ts';
import type { CountersSnapshot } from './snapshot.ts';

/** What a lane counts and measures. */
export class Figures {
  calls = 0;
  attempts = 0;
  settled = 0;
  aborted = 0;
  unpaid = 0;
  fallbacks = 0;
  hedges = 0;
  hedgesWon = 0;
  readonly wait: Histogram = new Histogram();
  readonly latency: Histogram = new Histogram();
  /** Undefined until there is something to count: most lanes never have. */
  #retries: Partial<Record<RetryReason, number>> | undefined;
  #refused: Partial<Record<PacelineErrorCode, number>> | undefined;

  retried(reason: RetryReason): void {
    this.#retries ??= {};
    this.#retries[reason] = (this.#retries[reason] ?? 0) + 1;
  }

  refused(code: PacelineErrorCode): void {
    this.#refused ??= {};
    this.#refused[code] = (this.#refused[code] ?? 0) + 1;
  }

  snapshot(): CountersSnapshot {
    const { calls, attempts, settled, aborted, unpaid, fallbacks, hedges, hedgesWon } = this;
    const [retries, refused] = [{ ...this.#retries }, { ...this.#refused }];
    return { calls, attempts, settled, aborted, unpaid, fallbacks, hedges, hedgesWon, retries, refused };
  }
}
