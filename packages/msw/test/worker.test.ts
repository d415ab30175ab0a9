import { failures } from '@paceline/msw';
import { debianProgram, runInPage } from '@paceline/test-support';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

const chromium = await debianProgram({ program: 'chromium', tests: 'the failure kit in a browser' });
const OWN = '["Ada","Grace"]';

describe.skipIf(chromium === undefined)('in a browser’s service worker', () => {
  let page: Record<string, unknown>;

  beforeAll(async () => {
    const files = { '/mockServiceWorker.js': new URL(import.meta.resolve('msw/mockServiceWorker.js')) };
    const entry = new URL('worker.ts', import.meta.url);
    page = (await runInPage({ chromium: chromium ?? '', entry, files })) as typeof page;
  }, 90_000);

  test('the first requests fail as they are told, and the next one passes', () => {
    expect(page.firstOnes).toEqual({
      seen: ['503', 'TypeError', 'TypeError', '200 broken off', `200 ${OWN}`],
      answers: [503, 'network-error', 'reset', 'cut', 'passed'],
      calls: { [`GET ${originOf(page)}/api/users`]: 5 },
    });
  });

  test('an outage begins and ends', () => {
    expect(page.outage).toEqual(['502', `200 ${OWN}`]);
  });

  test('a quota is kept, and tells when to come again', () => {
    expect(page.quota).toEqual({
      answers: [`200 ${OWN}`, `200 ${OWN}`],
      refused: 429,
      after: expect.closeTo(60, -1),
      peak: 3,
    });
  });

  test('slow answers take their time', () => {
    expect(page.slow).toEqual({ answer: `200 ${OWN}`, tookLong: true });
  });

  test('chance hits the same requests as in Node', async () => {
    const url = 'http://api.test/users';
    const { handler, journal } = failures({ errors: { share: 0.3, answer: 500 }, seed: 7 });
    const server = setupServer(
      handler,
      http.get(url, () => new HttpResponse()),
    );
    server.listen();
    onTestFinished(() => server.close());
    for (let n = 0; n < 20; n += 1) await fetch(url);
    expect(page.errorsBySeed).toBe(journal.entries.map(({ answer }) => (answer === 500 ? 'x' : '.')).join(''));
  });

  test('a hanging request ends by the page’s abort, of which MSW does not tell', () => {
    expect(page.hang).toEqual({ answer: 'the page was left', entry: [{ answer: 'hang', aborted: false }] });
  });

  test('requests that are not of the scenario leave for the network', () => {
    expect(page.passing).toEqual({ beyond: '200 from the network', count: 0 });
  });
});

function originOf({ firstOnes }: Record<string, unknown>): string {
  const [call = ''] = Object.keys((firstOnes as { calls: object }).calls);
  return new URL(call.slice('GET '.length)).origin;
}
