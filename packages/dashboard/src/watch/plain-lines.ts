import type { Display, WatchOutput } from './output.ts';
import type { Row } from './rows.ts';
import { tableLines } from './table.ts';

/** Prints a line for each host that has done something since the last view, for a pipe or a file. */
export function plainLines(output: WatchOutput, timeOfDay: () => string): Display {
  let seen: ReadonlyMap<string, string> = new Map();
  let trouble: string | undefined;
  return {
    show(view) {
      if (view.trouble !== trouble) output.write(`${timeOfDay()}  ${view.title}: ${view.trouble ?? 'here again'}\n`);
      trouble = view.trouble;
      const news = view.rows.filter((row) => seen.get(row.host) !== stateOf(row));
      seen = new Map(view.rows.map((row) => [row.host, stateOf(row)]));
      if (news.length === 0) return;
      const [titles, ...lines] = tableLines(news, Number.POSITIVE_INFINITY);
      output.write([`          ${titles}`, ...lines.map((line) => `${timeOfDay()}  ${line}`), ''].join('\n'));
    },
    end: () => {},
  };
}

/** What counts as news: not tokens that come, nor a hold that runs down. */
function stateOf({ attempts, queued, inFlight, refusals, holdMs }: Row): string {
  return [attempts, queued, inFlight, refusals, holdMs > 0].join();
}
