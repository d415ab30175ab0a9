import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { noteSettlement, type Settlement, settlementOf } from './settlement.ts';

const SETTLEMENT: Settlement = { reason: 'not-idempotent', host: 'api.example.com', attempts: 1 };

describe('what became of a call', () => {
  test('is read from the error that it ended with', () => {
    const error = new TypeError('fetch failed');
    noteSettlement(error, SETTLEMENT);
    expect(settlementOf(error)).toBe(SETTLEMENT);
  });

  test.each(['cause', 'response'])('is found where a client has wrapped what came, in the %s', (place) => {
    const came = new Error('fetch failed');
    noteSettlement(came, SETTLEMENT);
    const wrapper = Object.assign(new Error('what the client says'), { [place]: came });
    expect(settlementOf(wrapper)).toBe(SETTLEMENT);
    noteSettlement(wrapper, { ...SETTLEMENT, attempts: 2 });
    expect(settlementOf(wrapper)?.attempts).toBe(2);
  });

  test('shows in no log, no JSON and no copy', () => {
    const error = Object.assign(new Error('failed'), { code: 'ECONNRESET' });
    const before = inspect(error);
    noteSettlement(error, SETTLEMENT);
    expect(inspect(error)).toBe(before);
    expect(JSON.stringify(error)).toBe('{"code":"ECONNRESET"}');
    expect(settlementOf({ ...error })).toBeUndefined();
  });

  test('is that of the last call where an error ended several, as the reason of a shared signal does', () => {
    const error = new DOMException('stop', 'AbortError');
    noteSettlement(error, SETTLEMENT);
    noteSettlement(error, { ...SETTLEMENT, attempts: 2 });
    expect(settlementOf(error)?.attempts).toBe(2);
  });

  test('is readable from another copy of the package', async () => {
    // @ts-expect-error: the query makes the loader take it for another file.
    const copy: typeof import('./settlement.ts') = await import('./settlement.ts?copy');
    expect(copy.settlementOf).not.toBe(settlementOf);
    const error = new Error('failed');
    copy.noteSettlement(error, SETTLEMENT);
    expect(settlementOf(error)).toBe(SETTLEMENT);
  });

  test.each([['a string'], [undefined], [null], [7], [Object.freeze(new Error('frozen'))]])(
    'cannot be noted on %s, and is not missed',
    (error) => {
      expect(() => noteSettlement(error, SETTLEMENT)).not.toThrow();
      expect(settlementOf(error)).toBeUndefined();
    },
  );
});
