import { afterEach, describe, expect, test, vi } from 'vitest';
import { attach, attachmentOf, warnOnce } from './attach.ts';
import { createPaceline } from './paceline.ts';

const send = (): string => 'sent';

describe('a paced function', () => {
  test('is itself, and tells its engine and what is under it', () => {
    const pace = createPaceline();
    const wrapper = (): string => send();
    expect(attach(wrapper, { pace, inner: send })).toBe(wrapper);
    expect(attachmentOf(wrapper)).toEqual({ pace, inner: send });
    expect(wrapper()).toBe('sent');
  });

  test('is known to another copy of the package', async () => {
    // @ts-expect-error: the query makes the loader take it for another file.
    const copy: typeof import('./attach.ts') = await import('./attach.ts?copy');
    const wrapper = copy.attach(() => send(), { pace: createPaceline(), inner: send });
    expect(attachmentOf(wrapper)?.inner).toBe(send);
  });

  test('passes the mark on to no copy, and shows it nowhere', () => {
    const wrapper = attach(
      Object.assign(() => send(), { retries: 1 }),
      { pace: createPaceline(), inner: send },
    );
    expect(Object.keys(wrapper)).toEqual(['retries']);
    expect(attachmentOf({ ...wrapper })).toBeUndefined();
  });

  test('is not any other function', () => {
    expect(attachmentOf(send)).toBeUndefined();
  });
});

describe('a warning', () => {
  afterEach(() => vi.restoreAllMocks());

  test('is given once a process, whatever copy of the package gives it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    // @ts-expect-error: the query makes the loader take it for another file.
    const copy: typeof import('./attach.ts') = await import('./attach.ts?other');
    warnOnce('two engines on one client');
    warnOnce('two engines on one client');
    copy.warnOnce('two engines on one client');
    copy.warnOnce('something else');
    expect(warn.mock.calls).toEqual([['paceline: two engines on one client'], ['paceline: something else']]);
  });
});
