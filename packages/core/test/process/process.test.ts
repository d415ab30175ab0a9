import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** A process that something keeps alive needlessly is ended here, far before the timers that it would wait for. */
const KILL_AFTER_MS = 20_000;

/** Lines that a process prints until it ends by itself; rejects if it has to be ended. */
async function linesOf(scenario: string): Promise<string[]> {
  const options = { timeout: KILL_AFTER_MS, env: { ...process.env, NODE_OPTIONS: '' } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@paceline/source', CHILD, scenario],
    options,
  );
  return stdout.split('\n').filter((line) => line !== '');
}

describe.concurrent('R16: housekeeping keeps no process alive (T27)', () => {
  test.each<[string, string[]]>([
    ['has an engine with nothing to do', []],
    ['has held a host that nobody calls', []],
    [
      'has made calls that all succeeded long before their timeouts',
      Array.from({ length: 3 }, () => 'settled answered'),
    ],
    ['has aborted a call that waited for a minute', ['settled failed']],
    ['has a lane with tokens from a store', ['settled answered']],
    ['has a call in flight that nothing else keeps alive', []],
    ['has an open breaker, and a health check that hangs', ['settled failed']],
  ])('a process that %s ends', { timeout: 2 * KILL_AFTER_MS }, async (scenario, lines) => {
    expect(await linesOf(scenario)).toEqual(lines);
  });
});

describe.concurrent('R16: a call keeps the process alive until it settles', () => {
  test.each<[string, string[]]>([
    ['has a call in the queue for its token', ['settled answered', 'settled answered']],
    ['has a call that waits for a store that never answers', ['settled answered']],
    ['has a call in the queue behind a hold', ['settled answered']],
    ['has a call in its backoff', ['settled answered']],
    ['has a call that waits for its breaker', ['settled answered']],
    ['has a call that waits for a health check', ['settled answered']],
    ['has a call that will run into its timeout', ['settled failed']],
  ])('a process that %s waits for it, and no longer', { timeout: 2 * KILL_AFTER_MS }, async (scenario, lines) => {
    expect(await linesOf(scenario)).toEqual(lines);
  });
});
