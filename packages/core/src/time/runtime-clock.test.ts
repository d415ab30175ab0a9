import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runtimeClock } from './runtime-clock.ts';

const run = promisify(execFile);

/** What a process of its own prints that does `script` with a clock, and then ends by itself. */
async function outputOf(script: string): Promise<string> {
  const source = `import { runtimeClock as clock } from ${JSON.stringify(new URL('runtime-clock.ts', import.meta.url))};`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', `${source}\n${script}`]);
  return stdout.trim();
}

describe("the runtime's clock", () => {
  test('goes on by itself, and a step of the wall clock changes nothing', () => {
    vi.spyOn(Date, 'now').mockReturnValue(0);
    const before = runtimeClock.now();
    const after = runtimeClock.now();
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after).toBeGreaterThan(0);
    expect(runtimeClock.wallNow()).toBe(0);
  });

  test('runs a timer once', async () => {
    const callback = vi.fn();
    await new Promise<void>((resolve) => {
      runtimeClock.setTimer(callback, 1);
      runtimeClock.setTimer(resolve, 5);
    });
    expect(callback).toHaveBeenCalledOnce();
  });

  test('does not run one that was cancelled', async () => {
    const callback = vi.fn();
    await new Promise<void>((resolve) => {
      runtimeClock.setTimer(callback, 1).cancel();
      runtimeClock.setTimer(resolve, 5);
    });
    expect(callback).not.toHaveBeenCalled();
  });

  test('lets the process end before a timer that does not keep it alive', async () => {
    const script = `const timer = clock.setTimer(() => console.log('fired'), 60_000); timer.keepAlive(false);`;
    expect(await outputOf(`${script} console.log('ended');`)).toBe('ended');
  });

  test('keeps the process alive for a timer until told otherwise, and again', async () => {
    expect(await outputOf(`clock.setTimer(() => console.log('fired'), 20);`)).toBe('fired');
    const script = `const timer = clock.setTimer(() => console.log('fired'), 20); timer.keepAlive(false);`;
    expect(await outputOf(`${script} timer.keepAlive(true);`)).toBe('fired');
  });
});

describe('where timers are numbers, as in browsers', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('they are cancelled by number, and keeping alive means nothing', () => {
    const cleared: unknown[] = [];
    vi.stubGlobal('setTimeout', () => 7);
    vi.stubGlobal('clearTimeout', (timer: unknown) => cleared.push(timer));
    const timer = runtimeClock.setTimer(() => {}, 1_000);
    timer.keepAlive(false);
    timer.keepAlive(true);
    timer.cancel();
    expect(cleared).toEqual([7]);
  });
});
