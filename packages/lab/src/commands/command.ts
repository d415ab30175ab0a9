/** Where a command writes; the process's own streams, or a test's. */
export interface Terminal {
  readonly out: (text: string) => void;
  /** Progress and errors. */
  readonly err: {
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
    write(text: string): unknown;
  };
}

/** One word after `paceline-lab`. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly does: string;
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}
