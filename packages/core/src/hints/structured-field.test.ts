import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMembers } from './structured-field.ts';

const member = (name: unknown, parameters: object = {}, value?: unknown): object => ({
  name,
  value,
  parameters: new Map(Object.entries(parameters)),
});

describe('a structured field', () => {
  test('is read as a List of Items with parameters', () => {
    expect(parseMembers('"default";r=50;t=30, daily; r=0;pk=:YWJj: ,\t10;w=1.5;x')).toEqual([
      member('default', { r: 50, t: 30 }),
      member('daily', { r: 0, pk: ':YWJj:' }),
      member(10, { w: 1.5, x: true }),
    ]);
  });

  test('is read as a Dictionary, too', () => {
    expect(parseMembers('limit=100, remaining=0;q="a,b;c=\\"d\\"", reset=-30')).toEqual([
      member('limit', {}, 100),
      member('remaining', { q: 'a,b;c="d"' }, 0),
      member('reset', {}, -30),
    ]);
  });

  test('that is empty has no members', () => {
    expect(parseMembers(' ')).toEqual([]);
  });

  test.each([
    '"open',
    '"a"b',
    '"a";',
    '"a";R=1',
    '"a";r=',
    '"a" ;r=1',
    '"a",',
    ',"a"',
    '"a",,"b"',
    '("a" "b")',
    '"a";r=1234567890123456',
    '"a";r=1.2345',
    '"a\\n"',
    '"ä"',
    'limit=100 remaining=0',
    '=5',
  ])('that is malformed, such as %j, is nothing as a whole', (field) => {
    expect(parseMembers(field)).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^["a-c;=,\\ 0-9:.?@*-]+$/)), (field) => {
        parseMembers(field);
      }),
    );
  });

  test('of any length is read in one pass', () => {
    expect(parseMembers(`a${';a="b"'.repeat(50_000)}`)).toHaveLength(1);
    expect(parseMembers(`a${';a'.repeat(50_000)}!`)).toBeUndefined();
    expect(parseMembers(`"${'\\"'.repeat(50_000)}`)).toBeUndefined();
  });
});
