import axios from 'axios';
import { describe, expect, it, vi } from 'vitest';
import { loopback, statuses } from '../test/loopback.ts';
import { installFetch, pacedFetch } from '../test/paced-fetch.ts';
import { paced, record, rejection, swift } from '../test/scripted.ts';

describe('the fetch adapter over a paced global fetch', () => {
  it('passes the engine once, even with a single slot', async () => {
    const pace = swift({ concurrency: 1 });
    const events = record(pace);
    installFetch(pace);
    const server = await loopback(statuses(503, 200));
    const { data } = await paced(pace).get(server.url, { adapter: 'fetch', timeout: 2_000 });
    expect(data).toBe('answer 2');
    expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(2);
  });

  it('hands back the env that the caller gave', async () => {
    const pace = swift({ concurrency: 1 });
    installFetch(pace);
    const server = await loopback(statuses(503));
    const error = await rejection(paced(pace).get(server.url, { adapter: 'fetch', pace: { maxRetries: 0 } }));
    expect(error.response.status).toBe(503);
    expect(error.config.env).toEqual(axios.defaults.env);
  });

  it('takes a paced env.fetch out as well, however often it is wrapped', async () => {
    const pace = swift({ concurrency: 1 });
    const server = await loopback(statuses(503, 200));
    const env = { fetch: pacedFetch(pace, pacedFetch(pace, fetch)) };
    const { data } = await paced(pace).get(server.url, { adapter: 'fetch', env });
    expect(data).toBe('answer 2');
  });

  it('of another engine warns once, and obeys its own', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const [ours, theirs] = [swift(), swift()];
    const events = record(theirs);
    installFetch(theirs);
    const server = await loopback(statuses(503));
    await paced(ours).get(server.url, { adapter: 'fetch', validateStatus: null });
    await paced(ours).get(server.url, { adapter: 'fetch', validateStatus: null });
    expect(server.received).toHaveLength(8);
    expect(events).toEqual([]);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
