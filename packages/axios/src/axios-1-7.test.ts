import axios from 'axios';
import { expect, it, vi } from 'vitest';
import { loopback, statuses } from '../test/loopback.ts';
import { installFetch } from '../test/paced-fetch.ts';
import { paced, record, swift } from '../test/scripted.ts';

// The oldest axios that the package supports passes the same tests.
vi.mock('axios', () => import('axios-1-7'));

it('runs on axios 1.7.9 here', () => {
  expect(axios.VERSION).toBe('1.7.9');
});

it('leaves the pacing to a paced global fetch under its fetch adapter, which cannot be given another', async () => {
  const pace = swift({ concurrency: 1 });
  const events = record(pace);
  installFetch(pace);
  const server = await loopback(statuses(200));
  const { data } = await paced(pace).get(server.url, { adapter: 'fetch', timeout: 2_000 });
  expect(data).toBe('answer 1');
  expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(1);
});

await import('./pace-axios.test.ts');
await import('./send-paced.test.ts');
await import('./axios-call.test.ts');
await import('./failure.test.ts');
await import('./caller.test.ts');
await import('./discard.test.ts');
await import('./retriers.test.ts');
