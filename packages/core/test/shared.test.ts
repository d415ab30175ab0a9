import {
  attach,
  attachmentOf,
  createPaceline,
  isPacelineError,
  PacelineError,
  settlementOf,
  sharedPaceline,
  warnOnce,
} from '@paceline/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hang, worldOf } from './world.ts';

/** A second copy of the package, as two versions in one dependency tree are. */
const copy = (): Promise<typeof import('@paceline/core')> => {
  vi.resetModules();
  return import('@paceline/core');
};

describe('one engine a process', () => {
  test('sharedPaceline is the same engine at every call, also from another copy', async () => {
    const other = await copy();
    expect(other.createPaceline).not.toBe(createPaceline);
    expect(other.sharedPaceline()).toBe(sharedPaceline());
    expect(sharedPaceline()).toBe(sharedPaceline());
  });

  test('createPaceline is another engine at every call', () => {
    expect(createPaceline()).not.toBe(createPaceline());
  });
});

describe('errors across copies (T17)', () => {
  test("the other copy's errors are known, instanceof or not", async () => {
    const other = await copy();
    const error = new other.PacelineError('QUEUE_FULL', 'full', { host: 'a.test', attempts: 0 });
    expect(error).not.toBeInstanceOf(PacelineError);
    expect(isPacelineError(error)).toBe(true);
    expect(isPacelineError(error, 'QUEUE_FULL')).toBe(true);
    expect(isPacelineError(error, 'DROPPED')).toBe(false);
  });

  test('no other error is taken for one', () => {
    for (const error of [
      null,
      undefined,
      'QUEUE_FULL',
      { code: 'QUEUE_FULL' },
      new Error('x'),
      new DOMException('x', 'AbortError'),
    ]) {
      expect(isPacelineError(error)).toBe(false);
    }
  });

  test('an error is an Error with name, code, host, attempts, and a message that says what to change', async () => {
    const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 0 } } });
    world.call(hang);
    const { outcome } = { outcome: await world.call().settled };
    const error = outcome.kind === 'failed' ? outcome.error : undefined;
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PacelineError', code: 'QUEUE_FULL', host: 'api.test', attempts: 0 });
    expect(String(error)).toBe(
      'PacelineError: api.test: too many calls wait already (queue.maxLength); try again in 0 ms',
    );
    expect(() => JSON.stringify(error)).not.toThrow();
  });

  test('a settlement noted by the other copy is read by this one', async () => {
    const other = await copy();
    const error = new TypeError('fetch failed');
    await other.createPaceline({ defaults: { retry: false } }).run({
      url: 'https://a.test/',
      method: 'GET',
      replayable: true,
      send: async () => ({ kind: 'failed', error, sent: 'maybe' }),
    });
    expect(settlementOf(error)).toEqual({ reason: 'not-retryable', host: 'a.test', attempts: 1 });
  });

  test('an error that passed no engine has no settlement', () => {
    for (const error of [new Error('x'), null, undefined, 'text', 5]) expect(settlementOf(error)).toBeUndefined();
  });
});

describe('R13: what is attached is marked', () => {
  afterEach(() => vi.restoreAllMocks());

  test('a wrapper knows its engine and what it wraps, also for another copy; a plain function has no mark', async () => {
    const other = await copy();
    const pace = createPaceline();
    const inner = (): void => {};
    const wrapper = attach(() => {}, { pace, inner });
    expect(attachmentOf(wrapper)).toEqual({ pace, inner });
    expect(other.attachmentOf(wrapper)?.pace).toBe(pace);
    expect(attachmentOf(inner)).toBeUndefined();
    expect(Object.keys(wrapper)).toEqual([]);
  });

  test('a warning is given once a process, also from another copy', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const other = await copy();
    warnOnce('two engines in a row (a test)');
    other.warnOnce('two engines in a row (a test)');
    expect(warn).toHaveBeenCalledExactlyOnceWith('paceline: two engines in a row (a test)');
  });
});
