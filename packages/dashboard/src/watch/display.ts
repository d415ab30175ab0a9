import { liveTable } from './live-table.ts';
import type { Display, WatchOutput } from './output.ts';
import { plainLines } from './plain-lines.ts';

/** Where and how often somebody looks. */
export interface DisplayOptions {
  /** @default process.stdout */
  readonly output?: WatchOutput;
  /** Time between two looks, in milliseconds; at least 50. @default 1_000 */
  readonly intervalMs?: number;
}

/** A table in place on a terminal, lines elsewhere. `unread` is told when nobody reads them any more: `… | head`. */
export function displayFor(
  { output = process.stdout, intervalMs = 1_000 }: DisplayOptions,
  unread: () => void,
): { readonly display: Display; readonly intervalMs: number } {
  if (!(intervalMs >= 50 && Number.isFinite(intervalMs))) {
    throw new RangeError(`intervalMs: expected a number of milliseconds from 50, got ${String(intervalMs)}`);
  }
  const display = output.isTTY === true ? liveTable(output) : plainLines(output, timeOfDay);
  output.on('error', unread);
  const end = (): void => {
    output.removeListener('error', unread);
    display.end();
  };
  return { display: { show: display.show, end }, intervalMs };
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}
