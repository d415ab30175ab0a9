import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exhaustedForMs } from './rate-limit.ts';

const NOW = 1_795_521_600_000;

function exhausted(headers: Record<string, string>): number | undefined {
  return exhaustedForMs({ header: (name) => headers[name] ?? null }, { wallNow: () => NOW });
}

describe('the structured RateLimit field', () => {
  test.each([
    ['"default";r=0;t=30', 30_000, 'draft 11'],
    ['default;r=0;t=30', 30_000, 'a Token for a name'],
    ['"default";a=0;w=30', 30_000, "the editors' copy"],
    ['"10-in-1min"; r=0; t=30', 30_000, 'express-rate-limit'],
    ['"default";r=-2;t=30', 30_000, 'overdrawn'],
    ['"burst";r=0;t=5, "daily";r=0;t=3600', 3_600_000, 'two used up'],
    ['"burst";r=0;t=5, "daily";r=900;t=3600', 5000, 'one of two used up'],
    ['"burst";r=3;t=5, "daily";r=0;t=60;pk=:YWJj:', 60_000, 'a partition'],
    ['"burst";r=0, "daily";r=0;t=60', 60_000, 'one of two without a time'],
    ['limit=100, remaining=0, reset=30', 30_000, 'draft 07'],
  ])('%s holds for %i ms: %s', (field, ms) => {
    expect(exhausted({ ratelimit: field })).toBe(ms);
  });

  test.each([
    ['"default";r=1;t=30', 'something left'],
    ['"default";r=10;t=0', 'no time to wait'],
    ['"default";r=0;t=-30', 'a reset in the past'],
    ['"default";r=0', 'no reset at all'],
    ['"default";r="0";t=30', 'a String for a number'],
    ['"default";t=30', 'no quota'],
    ['"default";r=0;t=soon', 'a reset that is no number'],
    ['"default";r=0;t=30,', 'malformed after a good item'],
    ['"default";r=0;t=30, "daily', 'cut off'],
    ['limit=100, remaining=5, reset=30', 'draft 07 with something left'],
    ['limit=100, remaining=0', 'draft 07 without a reset'],
    ['limit=100; remaining=0; reset=30', 'draft 07 with the wrong separator'],
    ['', 'empty'],
  ])('%s holds nothing: %s', (field) => {
    expect(exhausted({ ratelimit: field })).toBeUndefined();
  });

  test('without a time takes the window of the policy by its name', () => {
    const policies = '"burst";q=100;w=60, "daily";q=1000;w=86400';
    expect(exhausted({ ratelimit: '"burst";r=0', 'ratelimit-policy': policies })).toBe(60_000);
    expect(exhausted({ ratelimit: '"hourly";r=0', 'ratelimit-policy': policies })).toBeUndefined();
    expect(exhausted({ ratelimit: '"burst";r=0', 'ratelimit-policy': '"burst";w=60,' })).toBeUndefined();
  });
});

describe('a pair of rate limit fields', () => {
  test.each([
    ['ratelimit-remaining', 'ratelimit-reset'],
    ['x-ratelimit-remaining', 'x-ratelimit-reset'],
    ['x-rate-limit-remaining', 'x-rate-limit-reset'],
  ])('%s is read', (remaining, reset) => {
    expect(exhausted({ [remaining]: '0', [reset]: '30' })).toBe(30_000);
    expect(exhausted({ [remaining]: '1', [reset]: '30' })).toBeUndefined();
  });

  test.each([
    ['0', '1795521630', 30_000, 'seconds since the epoch (GitHub)'],
    ['0', '1795521630000', 30_000, 'milliseconds since the epoch'],
    ['0', '1m30s', 90_000, 'a duration'],
    ['0.0', '312', 312_000, 'fractions (Reddit)'],
    ['-3', '30', 30_000, 'an overdrawn quota'],
    ['0, 0', '5, 60', 60_000, 'repeated fields'],
    ['9, 0', '5, 60', 60_000, 'repeated fields, the second used up'],
    ['0, 9', '5, 60', 5000, 'repeated fields, the first used up'],
    ['9, 0', '60', 60_000, 'repeated quotas with one reset'],
  ])('of %s and %s holds for %i ms: %s', (remaining, reset, ms) => {
    expect(exhausted({ 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset })).toBe(ms);
  });

  test.each([
    ['0', '1795521600', 'a reset that is now'],
    ['0', '1795500000', 'a reset in the past'],
    ['0', '0', 'a reset of 0'],
    ['0', '-30', 'a negative reset'],
    ['0', 'soon', 'a garbled reset'],
    ['0', '', 'a blank reset'],
    ['', '30', 'a blank quota'],
    [' ', '30', 'blanks for a quota'],
    ['none', '30', 'a garbled quota'],
    ['0x0', '30', 'a quota that only Number() understands'],
    ['0, 0, 0', '5, 60', 'quotas and resets that do not pair'],
  ])('of %j and %j holds nothing: %s', (remaining, reset) => {
    expect(exhausted({ 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset })).toBeUndefined();
  });

  test('without its reset holds nothing', () => {
    expect(exhausted({ 'x-ratelimit-remaining': '0' })).toBeUndefined();
  });

  test("counts OpenAI's requests and tokens, whichever is used up", () => {
    const openai = {
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(exhausted(openai)).toBe(360_000);
    expect(exhausted({ ...openai, 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-remaining-tokens': '9' })).toBe(
      1000,
    );
  });
});

describe('rate limit fields', () => {
  test('of several kinds hold for the longest of them', () => {
    const short = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' };
    expect(exhausted({ ...short, ratelimit: '"default";r=0;t=30' })).toBe(30_000);
    expect(exhausted({ ...short, ratelimit: '"default";r=0;t=1' })).toBe(5000);
    expect(exhausted({ ...short, ratelimit: 'garbled"' })).toBe(5000);
  });

  test('never throw, and hold for a finite time or not at all', () => {
    const field = fc.oneof(fc.string(), fc.stringMatching(/^["a-w;=, 0-9.-]+$/), fc.constant('0'));
    const names = fc.constantFrom('ratelimit', 'ratelimit-policy', 'x-ratelimit-remaining', 'x-ratelimit-reset');
    fc.assert(
      fc.property(fc.dictionary(names, field), (headers) => {
        const ms = exhausted(headers);
        expect(ms === undefined || (Number.isFinite(ms) && ms > 0)).toBe(true);
      }),
    );
  });
});
