import { expect, test } from 'vitest';
import * as kit from './index.ts';

test('the package exports one function; all else is types', () => {
  expect(Object.keys(kit)).toEqual(['failures']);
});
