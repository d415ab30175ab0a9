import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test.each(['WeakRef, FinalizationRegistry', 'nothing weak'])(
  'an abort reaches a body where a runtime has %s',
  async (has) => {
    if (has === 'nothing weak') {
      vi.stubGlobal('WeakRef', undefined);
      vi.stubGlobal('FinalizationRegistry', undefined);
    }
    const { followAbort } = await import('./follow.ts');
    const caller = new AbortController();
    const link = new AbortController();
    followAbort(caller.signal, link, {});
    caller.abort('enough');
    expect(link.signal.reason).toBe('enough');
  },
);
