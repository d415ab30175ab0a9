import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Paceline, Snapshot } from '@paceline/core';
import { Refusal } from '../http/refusal.ts';
import type { ChangeLog } from '../tuning/change-log.ts';
import { KnownHosts } from './known-hosts.ts';
import { RecentEvents } from './recent-events.ts';
import { Watcher } from './watcher.ts';

/** Time between two samples. */
const SAMPLE_MS = 500;

/** At most this share of the thread's time goes into samples: with very many hosts there are fewer. */
const MOST_SHARE = 0.1;

/** A watcher that takes nothing for so long is dropped: a living page comes again. */
const MOST_STUCK_MS = 30_000;

const MOST_WATCHERS = 32;

/**
 * Tells all watchers what the engine does. The engine is sampled and listened to only while there is one, and for a watcher
 * that does not keep up nothing is kept but what it knows already: its next frame tells the latest.
 */
export class Feed {
  readonly #pace: Paceline;
  readonly #changes: ChangeLog;
  readonly #tune: boolean;
  readonly #watchers = new Set<Watcher>();
  readonly #events = new RecentEvents();
  #hosts = new KnownHosts();
  #snapshot: Snapshot | undefined;
  #samples = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(pace: Paceline, changes: ChangeLog, tune: boolean) {
    this.#pace = pace;
    this.#changes = changes;
    this.#tune = tune;
  }

  /**
   * Makes a response the stream of a new watcher.
   *
   * @throws Refusal if there are too many.
   */
  watch(response: ServerResponse): void {
    if (this.#watchers.size >= MOST_WATCHERS) {
      throw new Refusal(503, `${MOST_WATCHERS} watch already`, { 'retry-after': '5' });
    }
    this.#unsubscribe ??= this.#pace.subscribe(this.#events.add);
    const watcher = new Watcher(response, this.#events.latest);
    this.#watchers.add(watcher);
    response.on('close', () => this.#left(watcher));
    this.sampleNow();
  }

  /** Samples out of turn, so that who has changed something sees it at once. */
  sampleNow(): void {
    if (this.#watchers.size === 0) return;
    clearTimeout(this.#timer);
    const began = performance.now();
    this.#samples += 1;
    this.#snapshot = this.#pace.snapshot();
    this.#hosts.update(this.#snapshot, this.#samples, this.#pace);
    for (const watcher of this.#watchers) this.#tell(watcher, this.#snapshot, began);
    this.#hosts.forgetGone(Math.min(...Array.from(this.#watchers, ({ sample }) => sample)));
    const tookMs = performance.now() - began;
    this.#timer = setTimeout(() => this.sampleNow(), Math.max(SAMPLE_MS, tookMs / MOST_SHARE)).unref();
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.end();
  }

  #tell(watcher: Watcher, { at, closed }: Snapshot, now: number): void {
    if (!watcher.isReady) {
      if (watcher.stuckFor(now) > MOST_STUCK_MS) watcher.drop();
      return;
    }
    const events = this.#events.since(watcher.event);
    const rest = {
      at,
      closed,
      tune: this.#tune,
      whole: watcher.sample === 0,
      gone: this.#hosts.goneSince(watcher.sample),
      events,
      missed: this.#events.latest - watcher.event - events.length,
      ...(watcher.change < this.#changes.version && { changes: this.#changes.views() }),
    };
    const hosts = this.#hosts.changedSince(watcher.sample).join();
    watcher.sample = this.#samples;
    watcher.event = this.#events.latest;
    watcher.change = this.#changes.version;
    watcher.send(`${JSON.stringify(rest).slice(0, -1)},"hosts":[${hosts}]}`, now);
  }

  #left(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#hosts = new KnownHosts();
  }
}
