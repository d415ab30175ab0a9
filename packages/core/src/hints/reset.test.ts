import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resetMs } from './reset.ts';

const NOW = 1_795_521_600_000;
const now = (): number => NOW;

describe('a reset', () => {
  test.each([
    ['30', 30_000, 'seconds from now'],
    ['0.25', 250, 'a fraction of a second'],
    [' 999999999 ', 999_999_999_000, 'the longest wait'],
    ['1795521630', 30_000, 'seconds since the epoch'],
    ['1795521630.5', 30_500, 'a fraction of them'],
    ['1795521600250', 250, 'milliseconds since the epoch'],
    ['20ms', 20, 'OpenAI, short'],
    ['6m0s', 360_000, 'OpenAI, long'],
    ['1m30s', 90_000, 'OpenAI, mixed'],
    ['7.66s', 7660, 'OpenAI, exact'],
    ['1d1h', 90_000_000, 'days'],
    ['250us', 0.25, 'below a millisecond'],
  ])('of %j is %d ms away: %s', (value, ms) => {
    expect(resetMs(value, now)).toBeCloseTo(ms, 6);
  });

  test.each([
    '',
    ' ',
    '0',
    '0s',
    '-30',
    '1795521600',
    '1795521599999',
    '1e3',
    'soon',
    '1m30',
    '30 s',
    's',
    '1s1',
    '2026-11-24',
  ])('of %j does not lie ahead', (value) => {
    expect(resetMs(value, now)).toBeUndefined();
  });

  test('is read without the clock unless it is a point in time', () => {
    const unread = (): number => expect.unreachable('read the clock');
    expect(resetMs('30', unread)).toBe(30_000);
    expect(resetMs('1m', unread)).toBe(60_000);
  });

  test('never throws and is a finite wait or none', () => {
    const clock = fc.double();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.dhmsun]+$/)), clock, (value, time) => {
        const ms = resetMs(value, () => time);
        expect(ms === undefined || (Number.isFinite(ms) && ms > 0)).toBe(true);
      }),
    );
    expect(resetMs('9'.repeat(400), now)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
