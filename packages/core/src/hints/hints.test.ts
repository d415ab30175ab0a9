import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type HintedAnswer, readHints } from './hints.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const EXHAUSTED = { ratelimit: '"default";r=0;t=30' };
const ON = { rateLimitHeaders: true };

function answer(status: number, headers: Record<string, string>): HintedAnswer & { readonly asked: string[] } {
  const asked: string[] = [];
  const header = (name: string): string | null => {
    asked.push(name);
    return headers[name] ?? null;
  };
  return { status, asked, header };
}

const hintsOf = (status: number, headers: Record<string, string>, rules = ON): ReturnType<typeof readHints> =>
  readHints(answer(status, headers), rules, { wallNow: () => NOW });

describe('Retry-After', () => {
  test.each([429, 503])('holds the whole host on a %i', (status) => {
    expect(hintsOf(status, { 'retry-after': '2' })).toEqual({ waitMs: 2000, source: 'retry-after', scope: 'host' });
  });

  test.each([200, 202, 301, 403, 413, 500, 502])('delays only that call on a %i', (status) => {
    expect(hintsOf(status, { 'retry-after': '2' })).toEqual({ waitMs: 2000, source: 'retry-after', scope: 'call' });
  });

  test('goes before an exhausted RateLimit, also where it is shorter', () => {
    expect(hintsOf(429, { ...EXHAUSTED, 'retry-after': '2' })?.waitMs).toBe(2000);
    expect(hintsOf(429, { ...EXHAUSTED, 'retry-after': '0' })?.waitMs).toBe(0);
  });

  test('that is garbled leaves the word to RateLimit', () => {
    expect(hintsOf(429, { ...EXHAUSTED, 'retry-after': 'soon' })?.source).toBe('rate-limit');
  });

  test('in milliseconds is finer, so it goes first', () => {
    expect(hintsOf(429, { 'retry-after-ms': '1250', 'retry-after': '2' })?.waitMs).toBe(1250);
    expect(hintsOf(429, { 'retry-after-ms': '-1', 'retry-after': '2' })?.waitMs).toBe(2000);
  });

  test("as a date is measured from the server's own Date, whatever this machine's clock says", () => {
    const headers = { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 12:00:10 GMT' };
    for (const skew of [-HOUR, 0, HOUR]) {
      expect(readHints(answer(503, headers), ON, { wallNow: () => NOW + skew })?.waitMs).toBe(10_000);
    }
  });

  test('as a date is measured from the wall clock where Date is missing or garbled', () => {
    const date = 'Tue, 24 Nov 2026 12:00:10 GMT';
    expect(hintsOf(503, { 'retry-after': date })?.waitMs).toBe(10_000);
    expect(hintsOf(503, { 'retry-after': date, date: 'today' })?.waitMs).toBe(10_000);
  });
});

describe('an exhausted RateLimit', () => {
  test.each([200, 404, 429, 500])('holds the host on a %i', (status) => {
    expect(hintsOf(status, EXHAUSTED)).toEqual({ waitMs: 30_000, source: 'rate-limit', scope: 'host' });
  });

  test("with a reset that is a point in time is measured from the server's own Date", () => {
    const reset = String(NOW / 1000 + 10);
    const headers = { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    expect(readHints(answer(200, headers), ON, { wallNow: () => NOW + HOUR })?.waitMs).toBe(10_000);
  });

  test('is not looked at where the policy says so', () => {
    const limited = answer(429, { ...EXHAUSTED, 'retry-after': 'soon' });
    expect(readHints(limited, { rateLimitHeaders: false }, { wallNow: () => NOW })).toBeUndefined();
    expect(limited.asked.filter((name) => name.includes('ratelimit'))).toEqual([]);
  });
});

describe('an answer without hints', () => {
  test('costs six look-ups and no look at the wall clock', () => {
    const plain = answer(200, { 'content-type': 'text/plain', date: 'Tue, 24 Nov 2026 12:00:00 GMT' });
    const wallNow = vi.fn(() => NOW);
    expect(readHints(plain, ON, { wallNow })).toBeUndefined();
    expect(plain.asked).toHaveLength(6);
    expect(wallNow).not.toHaveBeenCalled();
  });

  test('is also one whose headers throw', () => {
    const broken: HintedAnswer = {
      status: 429,
      header: () => {
        throw new Error('gone');
      },
    };
    expect(readHints(broken, ON, { wallNow: () => NOW })).toBeUndefined();
  });

  test('is also one whose headers are no strings', () => {
    const list = ['120'] as unknown as string;
    expect(readHints({ status: 429, header: () => list }, ON, { wallNow: () => NOW })).toBeUndefined();
  });
});

describe('a wait', () => {
  test.each([{ 'retry-after': '2' }, EXHAUSTED])('in seconds leaves the wall clock unread: %j', (headers) => {
    const wallNow = vi.fn(() => NOW);
    expect(readHints(answer(429, headers), ON, { wallNow })).toBeDefined();
    expect(wallNow).not.toHaveBeenCalled();
  });
});

test('hints never throw, and ask for a finite wait', () => {
  const names = fc.constantFrom(
    'date',
    'retry-after',
    'retry-after-ms',
    'ratelimit',
    'ratelimit-remaining',
    'ratelimit-reset',
  );
  const value = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.date().map((date) => date.toUTCString()),
  );
  fc.assert(
    fc.property(fc.integer(), fc.dictionary(names, value), fc.double(), (status, headers, wall) => {
      const hints = readHints(answer(status, headers), ON, { wallNow: () => wall });
      expect(hints === undefined || (Number.isFinite(hints.waitMs) && hints.waitMs >= 0)).toBe(true);
    }),
  );
});
