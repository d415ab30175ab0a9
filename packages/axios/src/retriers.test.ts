import axios from 'axios';
import axiosRetry from 'axios-retry';
import * as rax from 'retry-axios';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { paced, rejection, scripted, swift } from '../test/scripted.ts';
import { paceAxios } from './pace-axios.ts';

const URL = 'http://api.test/';
const warn = vi.spyOn(console, 'warn').mockReturnValue();

beforeEach(() => warn.mockClear());

describe('axios-retry left installed', () => {
  it('does not multiply the retries in either order, and is told of once', async () => {
    for (const place of ['before', 'after']) {
      const { adapter, runs } = scripted(503);
      const api = axios.create({ adapter });
      if (place === 'before') axiosRetry(api, { retries: 3, retryCondition: () => true });
      api.interceptors.request.use(paceAxios(swift()));
      if (place === 'after') axiosRetry(api, { retries: 3, retryCondition: () => true });
      const error = await rejection(api.get(URL));
      expect(error.response.status).toBe(503);
      expect(runs).toHaveLength(4);
    }
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.lastCall?.[0]).toContain('axios-retry');
  });

  it('is left to it where the call or the instance says maxRetries: 0', async () => {
    const { adapter, runs } = scripted(503);
    const api = paced(swift(), { adapter, pace: { maxRetries: 0 } });
    axiosRetry(api, { retries: 2 });
    await rejection(api.get(URL));
    expect(runs).toHaveLength(3);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('retry-axios left installed', () => {
  it('does not multiply the retries where the request carries its settings', async () => {
    const { adapter, runs } = scripted(503);
    const api = paced(swift(), { adapter });
    api.defaults.raxConfig = { retry: 3, retryDelay: 1 };
    rax.attach(api);
    await rejection(api.get(URL));
    expect(runs).toHaveLength(4);
    expect(warn.mock.calls.flat().join()).toContain('raxConfig');
  });

  it('without settings sends a request again once, and is stopped there', async () => {
    const { adapter, runs } = scripted(503);
    const api = paced(swift(), { adapter });
    rax.attach(api);
    await rejection(api.get(URL));
    expect(runs).toHaveLength(8);
  });
});
