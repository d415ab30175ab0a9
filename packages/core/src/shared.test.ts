import { expect, test } from 'vitest';
import { perSecond } from './policy/rate.ts';
import { sharedPaceline } from './shared.ts';

test('there is one shared engine a process, also for another copy of the package', async () => {
  // @ts-expect-error: the query makes the loader take it for another file.
  const copy: typeof import('./shared.ts') = await import('./shared.ts?copy');
  expect(copy.sharedPaceline).not.toBe(sharedPaceline);
  expect(copy.sharedPaceline()).toBe(sharedPaceline());
});

test('it has the default policy until it is configured', () => {
  const pace = sharedPaceline();
  pace.hold('api.example.com', 0);
  expect(pace.snapshot().lanes[0]).toMatchObject({ host: 'api.example.com', concurrency: null, buckets: [] });
  pace.configure({ hosts: { 'api.example.com': { rate: perSecond(5), concurrency: 2 } } });
  expect(sharedPaceline().snapshot().lanes[0]).toMatchObject({ concurrency: 2, buckets: [{ perSecond: 5 }] });
});
