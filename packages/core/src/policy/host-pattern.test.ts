import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHostPattern, patternsFor } from './host-pattern.ts';

test.each([
  'api.example.com',
  'API.Example.com',
  'api.example.com:8443',
  'localhost:80',
  '*.example.com',
  '*.example.com:8443',
  '*',
  '127.0.0.1',
  '[::1]:8080',
  'tenant_7',
  'xn--mnchen-3ya.de',
])('%s is a host pattern', (pattern) => {
  expect(() => checkHostPattern(pattern, 'hosts')).not.toThrow();
});

test.each([
  '',
  'https://x',
  'api.x/v1',
  'api.x?q',
  'user@api.x',
  'api.*.com',
  '*api.x',
  '*.',
  '**',
  '*.*.x',
  'api..x',
  'api.x.',
  '.x',
  'api.x:',
  'api.x:65536',
  'api.x:http',
  'münchen.de',
  'api x',
  '::1',
])('%j is none', (pattern) => {
  expect(() => checkHostPattern(pattern, `hosts['${pattern}']`)).toThrow(
    new TypeError(
      `hosts['${pattern}']: expected a host such as 'api.example.com', 'api.example.com:8443', '*.example.com' or '*', got '${pattern}'`,
    ),
  );
});

test('what could match a lane comes best first', () => {
  expect([...patternsFor('A.b.c:81')]).toEqual([
    'a.b.c:81',
    'a.b.c',
    '*.b.c:81',
    '*.b.c',
    '*.c:81',
    '*.c',
    '*:81',
    '*',
  ]);
  expect([...patternsFor('[::1]')]).toEqual(['[::1]', '*']);
});

test('any lane key at all can be looked up', () => {
  fc.assert(fc.property(fc.string(), (key) => [...patternsFor(key)].at(-1) === '*'));
});
