import { styleText } from 'node:util';
import { atExit } from './at-exit.ts';
import type { Display, View, WatchOutput } from './output.ts';
import { cut, tableLines } from './table.ts';

/** The terminal's other screen, without a cursor and without wrapping; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Lines beside those of the hosts: the title, an empty one, the titles of the columns, and what did not fit. */
const OTHER_LINES = 4;

/** Draws each view in place of the last one, and leaves the last one behind when it ends. */
export function liveTable(output: WatchOutput): Display {
  let last: View | undefined;
  const lines = (): readonly string[] => (last === undefined ? [] : linesOf(last, output));
  const draw = (): void => {
    output.write(
      `${HOME}${lines()
        .map((line) => `${CLEAR_LINE}${line}`)
        .join('\n')}${CLEAR_BELOW}`,
    );
  };
  const leave = (): void => {
    if (last === undefined) return;
    output.removeListener('resize', draw);
    output.write(`${LEAVE}${lines().join('\n')}\n`);
    last = undefined;
  };
  let forget: (() => void) | undefined;
  return {
    show(view) {
      last = view;
      if (forget === undefined) {
        forget = atExit(leave);
        output.on('resize', draw);
        output.write(ENTER);
      }
      draw();
    },
    end() {
      forget?.();
      leave();
    },
  };
}

function linesOf({ title, rows, trouble }: View, output: WatchOutput): readonly string[] {
  const { columns: width = 80, rows: height = 24 } = output;
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream: output });
  const fitting = rows.slice(0, Math.max(1, height - OTHER_LINES));
  const [titles = '', ...lines] = tableLines(fitting, width);
  const more = rows.length - fitting.length;
  return [
    trouble === undefined ? style('bold', cut(title, width)) : style('yellow', cut(`${title}: ${trouble}`, width)),
    '',
    ...(rows.length === 0 ? ['No calls yet.'] : [style('dim', titles)]),
    ...lines.map((line, index) => ((fitting[index]?.holdMs ?? 0) > 0 ? style('yellow', line) : line)),
    ...(more > 0 ? [style('dim', cut(`and ${more} more`, width))] : []),
  ];
}
