import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryAfterMs, retryAfterMsField } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const now = (): number => NOW;

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['007', 7000],
    ['  120\t', 120_000],
  ])('of %j asks for %i ms', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });

  test.each([
    ['Tue, 24 Nov 2026 12:01:30 GMT', 90_000],
    ['Tuesday, 24-Nov-26 12:01:30 GMT', 90_000],
    ['Tue Nov 24 12:01:30 2026', 90_000],
    ['Tue, 24 Nov 2026 12:00:00 GMT', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ])('of %j is a date that is %i ms away', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });

  test.each([
    ['120, 60', 120_000],
    ['60, 120', 120_000],
    ['Tue, 24 Nov 2026 12:01:30 GMT, 120', 120_000],
    ['30, Tue, 24 Nov 2026 12:01:30 GMT', 90_000],
    ['Tue, 24 Nov 2026 12:01:30 GMT, Tuesday, 24-Nov-26 12:00:30 GMT', 90_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT, 5', 5000],
    ['soon, 5', 5000],
    ['-5, 0', 0],
    [', 5 ,', 5000],
  ])('repeated as %j asks for the longest valid wait', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });

  test.each([
    null,
    undefined,
    '',
    ' ',
    ',',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '5s',
    '1.',
    '.5',
    'Infinity',
    'NaN',
    'soon',
    'Sun, 5',
  ])('of %j says nothing, and never "at once"', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  test('of any size stays a number that arithmetic can go on with', () => {
    expect(retryAfterMs('9'.repeat(400), now)).toBe(Number.MAX_SAFE_INTEGER);
    expect(retryAfterMs('Fri, 31 Dec 9999 23:59:59 GMT', now)).toBe(Date.UTC(9999, 11, 31, 23, 59, 59) - NOW);
  });

  test('in seconds does not ask what time it is', () => {
    const unread = (): number => expect.unreachable('read the clock');
    expect(retryAfterMs('120, 60', unread)).toBe(120_000);
  });

  test('as a date says nothing to a clock that does not know the time', () => {
    expect(retryAfterMs('Tue, 24 Nov 2026 12:01:30 GMT', () => Number.NaN)).toBeUndefined();
  });

  test('never throws and is a finite wait or none, whatever was sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.,: \-GMTSun]+$/)), (value) => {
        const ms = retryAfterMs(value, now);
        expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true);
      }),
    );
  });

  test('of a whole number of seconds is that many thousand milliseconds', () => {
    fc.assert(fc.property(fc.nat(), (seconds) => retryAfterMs(`${seconds}`, now) === seconds * 1000));
  });
});

describe('retry-after-ms', () => {
  test.each([
    ['1500', 1500],
    [' 20.5 ', 20.5],
    ['0', 0],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ])('of %j is %i', (value, ms) => {
    expect(retryAfterMsField(value)).toBe(ms);
  });

  test.each([null, undefined, '', ' ', '-1', '1e3', 'soon', '1, 2'])('of %j says nothing', (value) => {
    expect(retryAfterMsField(value)).toBeUndefined();
  });
});
