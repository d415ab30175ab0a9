import type { Paceline } from '@paceline/core';
import { type DisplayOptions, displayFor } from './display.ts';
import { viewOf } from './output.ts';
import { Rows } from './rows.ts';

/** How an engine of this process is watched. */
export type WatchOptions = DisplayOptions;

/**
 * Shows a live table of an engine's hosts in the terminal; returns what ends it. Where the output is no terminal, it
 * prints a line for each host that has done something. It keeps no process alive.
 *
 * What the application itself prints gets in the way of the table. To watch from another terminal, serve the dashboard
 * and run `npx paceline-lab watch URL`.
 *
 * @throws RangeError for a wrong interval.
 *
 * @example
 * ```ts
 * import { createPaceline } from '@paceline/core';
 * import { watch } from '@paceline/dashboard';
 *
 * const pace = createPaceline();
 * const end = watch(pace, { intervalMs: 500 });
 * ```
 */
export function watch(pace: Paceline, options: WatchOptions = {}): () => void {
  const { display, intervalMs } = displayFor(options, () => end());
  const counted = new Rows();
  const look = (): void => display.show(viewOf('Paceline', pace.snapshot(), counted));
  const timer = setInterval(look, intervalMs).unref();
  const end = (): void => {
    clearInterval(timer);
    display.end();
  };
  look();
  return end;
}
