import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHttpDate } from './http-date.ts';

const NOW = Date.UTC(2026, 10, 24, 12);

describe('an HTTP date', () => {
  test('is read in each of its three grammars', () => {
    const time = Date.UTC(1994, 10, 6, 8, 49, 37);
    expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', NOW)).toBe(time);
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', NOW)).toBe(time);
    expect(parseHttpDate('Sun Nov  6 08:49:37 1994', NOW)).toBe(time);
    expect(parseHttpDate('Wed Nov 16 08:49:37 1994', NOW)).toBe(Date.UTC(1994, 10, 16, 8, 49, 37));
  });

  test('written by any server comes back as the time it was written from', () => {
    const seconds = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, (second) => {
        expect(parseHttpDate(new Date(second * 1000).toUTCString(), NOW)).toBe(second * 1000);
      }),
    );
  });

  test('may end in a leap second, which is the first of the next minute', () => {
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', NOW)).toBe(Date.UTC(2017, 0, 1));
  });

  test.each([
    ['75', 2075, 'less than 50 years ahead'],
    ['77', 1977, 'more than 50 years ahead'],
    ['26', 2026, 'this year'],
    ['00', 2000, 'the turn of the century'],
  ])('with the year %s means %i: %s', (digits, year) => {
    expect(parseHttpDate(`Monday, 02-Jan-${digits} 00:00:00 GMT`, NOW)).toBe(Date.UTC(year, 0, 2));
  });

  test('with two digits takes the last moment of 50 years ahead for the future and the next for the past', () => {
    expect(parseHttpDate('Tuesday, 24-Nov-76 12:00:00 GMT', NOW)).toBe(Date.UTC(2076, 10, 24, 12));
    expect(parseHttpDate('Tuesday, 24-Nov-76 12:00:01 GMT', NOW)).toBe(Date.UTC(1976, 10, 24, 12, 0, 1));
  });

  test('with two digits looks across the turn of a century', () => {
    expect(parseHttpDate('Friday, 01-Jan-05 00:00:00 GMT', Date.UTC(2098, 0))).toBe(Date.UTC(2105, 0, 1));
  });

  test.each([
    ['', 'nothing'],
    ['120', 'what Date.parse takes for a year'],
    ['-1', 'what Date.parse takes for 2001'],
    ['2026-11-24T12:00:00Z', 'another standard'],
    ['Sun, 06 Nov 1994 08:49:37', 'no zone'],
    ['Sun, 06 Nov 1994 08:49:37 +0100', 'another zone'],
    ['Sun, 6 Nov 1994 08:49:37 GMT', 'one digit of a day'],
    ['Sun, 06 nov 1994 08:49:37 GMT', 'lower case'],
    ['Sun, 30 Feb 2025 08:49:37 GMT', 'a day that its month lacks'],
    ['Sat, 29 Feb 2025 08:49:37 GMT', 'no leap year'],
    ['Sun, 00 Nov 1994 08:49:37 GMT', 'day 0'],
    ['Sun, 06 Nov 1994 24:00:00 GMT', 'hour 24'],
    ['Sun, 06 Nov 1994 08:60:37 GMT', 'minute 60'],
    ['Sun, 06 Nov 1994 08:49:61 GMT', 'second 61'],
    ['Sun, 06 Nov 1994 08:49:37 GMT, 120', 'more after it'],
    ['Sun Nov 6 08:49:37 1994', 'asctime without its second blank'],
    ['Sunday, 29-Feb-26 00:00:00 GMT', 'a day that no such year has'],
  ])('is not %j: %s', (text) => {
    expect(parseHttpDate(text, NOW)).toBeUndefined();
  });

  test('never throws, whatever the text and the clock', () => {
    const dateLike = fc.stringMatching(
      /^[MTWFS][a-z]{2,8},? \d{2}[- ][A-Z][a-z]{2}[- ]\d{2,4} \d{2}:\d{2}:\d{2}( GMT)?$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), dateLike), fc.double(), (text, now) => {
        const time = parseHttpDate(text, now);
        expect(time === undefined || Number.isFinite(time)).toBe(true);
      }),
    );
  });
});
