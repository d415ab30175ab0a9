/** In a page: tells the test what `run` returns, or throws. */
export async function report(run: () => Promise<unknown>): Promise<void> {
  const told = await run().then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  await fetch('/report', { method: 'POST', body: JSON.stringify(told) });
}
