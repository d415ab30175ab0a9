import { expect, test } from 'vitest';
import * as names from './index.ts';

test('the package exports these names', () => {
  expect(Object.keys(names).sort()).toEqual(['installPace', 'isReplayable', 'paceFetch', 'sendPaced', 'unpaced']);
});
