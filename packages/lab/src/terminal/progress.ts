/** Where a progress bar goes. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const BAR = 30;

/** A bar on one line of a terminal, with the time that is left; nothing where the output is none. */
export function progressBar(
  output: ProgressOutput,
  now: () => number,
): { readonly show: (done: number, of: number) => void; readonly clear: () => void } {
  if (output.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const startedAt = now();
  return {
    show: (done, of) => {
      const filled = Math.round((BAR * done) / of);
      const leftS = Math.ceil((((now() - startedAt) / done) * (of - done)) / 1000);
      const line = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${done}/${of} runs, ${leftS} s left`;
      output.write(`\r\u001b[K${line.slice(0, (output.columns ?? 80) - 1)}`);
    },
    clear: () => output.write('\r\u001b[K'),
  };
}
