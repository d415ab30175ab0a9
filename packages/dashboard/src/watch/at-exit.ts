const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does something before the process ends, also by Ctrl-C; returns what forgets it. A signal still ends the process, unless
 * somebody else listens to it and decides.
 */
export function atExit(last: () => void): () => void {
  const forget = (): void => {
    process.removeListener('exit', last);
    for (const signal of SIGNALS) process.removeListener(signal, ended);
  };
  const ended = (signal: NodeJS.Signals): void => {
    forget();
    last();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', last);
  for (const signal of SIGNALS) process.once(signal, ended);
  return forget;
}
