import type { Row } from './rows.ts';

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

/** One way to show views, one after the other. */
export interface Display {
  show(view: View): void;
  /** Nothing more comes. */
  end(): void;
}
