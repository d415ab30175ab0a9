import { describe, expect, test } from 'vitest';
import { isPacelineError, PacelineError } from './errors.ts';

const FACTS = { host: 'api.example.com', attempts: 2 };

describe("an error of Paceline's own", () => {
  test('tells what happened, where, after how many attempts, and when to come again', () => {
    const cause = new TypeError('fetch failed');
    const error = new PacelineError('QUEUE_TIMEOUT', 'no turn', { ...FACTS, retryAfterMs: 250, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...FACTS, name: 'PacelineError', code: 'QUEUE_TIMEOUT', retryAfterMs: 250 });
    expect(error.message).toBe('no turn');
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('PacelineError: no turn');
    expect(error.stack).toContain('errors.test.ts');
  });

  test('has no cause where there is none', () => {
    const error = new PacelineError('CLOSED', 'closed', FACTS);
    expect(Object.hasOwn(error, 'cause')).toBe(false);
    expect(error.retryAfterMs).toBeUndefined();
  });

  test('is known by its code', () => {
    const error: unknown = new PacelineError('QUEUE_FULL', 'full', FACTS);
    expect(isPacelineError(error)).toBe(true);
    expect(isPacelineError(error, 'QUEUE_FULL')).toBe(true);
    expect(isPacelineError(error, 'CLOSED')).toBe(false);
  });

  test('is known to another copy of the package, where `instanceof` fails', async () => {
    // @ts-expect-error: the query makes the loader take it for another file.
    const copy: typeof import('./errors.ts') = await import('./errors.ts?copy');
    const error = new copy.PacelineError('CLOSED', 'closed', FACTS);
    expect(error).not.toBeInstanceOf(PacelineError);
    expect(isPacelineError(error, 'CLOSED')).toBe(true);
    expect(copy.isPacelineError(new PacelineError('CLOSED', 'closed', FACTS))).toBe(true);
  });

  test('is known through a subclass', () => {
    class Refusal extends PacelineError {}
    expect(isPacelineError(new Refusal('DROPPED', 'dropped', FACTS), 'DROPPED')).toBe(true);
  });

  test.each([
    new Error('other'),
    Object.assign(new Error('other'), { code: 'QUEUE_FULL' }),
    { name: 'PacelineError', code: 'QUEUE_FULL', ...FACTS },
    'QUEUE_FULL',
    null,
    undefined,
    () => {},
  ])('is not taken for %s', (error) => {
    expect(isPacelineError(error)).toBe(false);
    expect(isPacelineError(error, 'QUEUE_FULL')).toBe(false);
  });

  test('shows its brand nowhere', () => {
    const error = new PacelineError('CLOSED', 'closed', FACTS);
    expect(Object.keys(error).toSorted()).toEqual(['attempts', 'code', 'host', 'name', 'retryAfterMs']);
    expect(JSON.parse(JSON.stringify(error))).toEqual({ ...FACTS, name: 'PacelineError', code: 'CLOSED' });
  });
});
