import { setTimeout as sleep } from 'node:timers/promises';
import { type DisplayOptions, displayFor } from './display.ts';
import { type View, viewOf } from './output.ts';
import { remoteAt } from './remote.ts';
import { Rows } from './rows.ts';

/** How the engine behind a dashboard is watched. */
export interface WatchUrlOptions extends DisplayOptions {
  /** The dashboard's token, if it has one. @default what stands in the URL after `#token=` */
  readonly token?: string;
  /** Ends it. @default none: it goes on for ever */
  readonly signal?: AbortSignal;
}

/**
 * Shows the table of `watch` for an engine whose dashboard is served elsewhere. A dashboard that does not answer is waited
 * for, and the table says so. Resolves when the signal ends it, or when nobody reads the output any more.
 *
 * @throws TypeError for what is no URL, RangeError for a wrong interval, Error if the dashboard refuses (a wrong token) or
 * if something else answers.
 *
 * @example
 * ```ts
 * import { watchUrl } from '@paceline/dashboard';
 *
 * await watchUrl('http://127.0.0.1:7700/', { signal: AbortSignal.timeout(60_000) });
 * ```
 */
export async function watchUrl(url: string, options: WatchUrlOptions = {}): Promise<void> {
  const remote = remoteAt(url, options.token);
  const unread = new AbortController();
  const { display, intervalMs } = displayFor(options, () => unread.abort());
  const signal = AbortSignal.any([unread.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const counted = new Rows();
  let view: View = { title: remote.url, rows: [], trouble: undefined };
  try {
    while (!signal.aborted) {
      const answer = await remote.ask(signal);
      if (signal.aborted) return;
      view = 'snapshot' in answer ? viewOf(remote.url, answer.snapshot, counted) : { ...view, ...answer };
      display.show(view);
      await sleep(intervalMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    display.end();
  }
}
