import type { Snapshot } from '@paceline/core';
import type { Row, Rows } from './rows.ts';

/** Where somebody watches: the process's standard output, or a stream like it. */
export interface WatchOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  /** Size of the terminal, where it is one. */
  readonly columns?: number;
  readonly rows?: number;
}

/** What is to be seen at a moment. */
export interface View {
  /** What is watched. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Why there is nothing newer, or no more to come. */
  readonly trouble: string | undefined;
}

/** A look at an engine; its rates are counted from the last one. */
export function viewOf(title: string, snapshot: Snapshot, counted: Rows): View {
  return { title, rows: counted.of(snapshot), trouble: snapshot.closed ? 'closed' : undefined };
}

/** One way to show views, one after the other. */
export interface Display {
  show(view: View): void;
  /** Nothing more comes. */
  end(): void;
}
