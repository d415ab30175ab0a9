const WIDTH = 30;

/** A bar that grows on a terminal; where nobody watches, one line at the end of each run. */
export function progressBar(label: string, total: number): { step(): void; end(): void } {
  const { stderr } = process;
  let done = 0;
  let shownAt = 0;
  const draw = (): void => {
    const filled = Math.round((WIDTH * done) / total);
    stderr.write(`\r${label.padEnd(12)} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total} calls`);
  };
  return {
    step() {
      done += 1;
      if (!stderr.isTTY || performance.now() - shownAt < 50) return;
      shownAt = performance.now();
      draw();
    },
    end() {
      if (stderr.isTTY) draw();
      stderr.write(stderr.isTTY ? '\n' : `${label}: ${done} calls settled\n`);
    },
  };
}
