import { debianProgram, runInPage } from '@paceline/test-support';
import { beforeAll, describe, expect, test } from 'vitest';

const chromium = await debianProgram({ program: 'chromium', tests: 'the clients in a browser' });

/** Expects the same of every client. */
const all = (told: (client: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(['fetch', 'xhr', 'axios-fetch', 'ky'].map((client) => [client, told(client)]));

describe.skipIf(chromium === undefined)('in a browser', () => {
  let page: Record<string, unknown>;

  beforeAll(async () => {
    const files = { '/mockServiceWorker.js': new URL(import.meta.resolve('msw/mockServiceWorker.js')) };
    const entry = new URL('page.ts', import.meta.url);
    page = (await runInPage({ chromium: chromium ?? '', entry, files })) as typeof page;
  }, 90_000);

  test('each client tries again alike, and sends the same body each time', () => {
    expect(page.retried).toEqual({
      calls: all((client) => ({
        end: `200 for ${client}`,
        log: 'sent 503 retry(status) sent failed retry(network) sent 200 settled(done)',
      })),
      attempts: all(() => 3),
      bodies: ['{"name":"Zoë"}'],
    });
  });

  test('each client has its attempts ended in time, and says so in its own way', () => {
    const names: Record<string, string> = { fetch: 'PacelineError', ky: 'TimeoutError' };
    expect(page.hanging).toEqual(
      all((client) => ({
        end: names[client] ?? 'AxiosError',
        log: 'sent failed retry(timeout) sent failed settled(retries-exhausted)',
      })),
    );
  });

  test('all clients share the lane of the page’s host: a 429 to ky holds them all', () => {
    const ends = ['ky', 'fetch', 'xhr', 'axios-fetch', 'ky'].map((client) => `200 for ${client}`);
    const { at, ...told } = page.shared as { at: string };
    expect(told).toEqual({ ends, waited: true, lanes: [at] });
  });
});
