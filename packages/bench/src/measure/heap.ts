/** Live heap in bytes; collects what is garbage first. Needs `--expose-gc`. */
export function liveBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/**
 * Bytes that one run allocates. The young generation must be large enough for all of them (`--max-semi-space-size`), so
 * that nothing is collected in between.
 */
export async function allocatedBytes(run: (times: number) => Promise<void>, times: number): Promise<number> {
  await run(times);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await run(times);
  return (process.memoryUsage().heapUsed - before) / times;
}
