import { type Failures, type FailuresOptions, failures, type Scenario } from '@paceline/msw';
import { report } from '@paceline/test-support/page';
import { HttpResponse, http } from 'msw';
import { setupWorker } from 'msw/browser';

/** The kit in a page, under MSW's service worker; worker.test.ts knows what should come of it. */
const worker = setupWorker(http.get('/api/users', () => HttpResponse.json(['Ada', 'Grace'])));

/** Puts a scenario before the page's own handler. */
function stage(scenario: Scenario, options?: FailuresOptions): Failures['journal'] {
  const { handler, journal } = failures({ url: '/api/*', ...scenario }, options);
  worker.resetHandlers();
  worker.use(handler);
  return journal;
}

/** What a page sees of a request. */
async function seen(path = '/api/users', init?: RequestInit): Promise<string> {
  try {
    const response = await fetch(path, init);
    const text = await response.text().catch(() => 'broken off');
    return `${response.status} ${text}`.trim();
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

async function inTurn(times: number): Promise<readonly string[]> {
  const all: string[] = [];
  for (let n = 0; n < times; n += 1) all.push(await seen());
  return all;
}

async function firstOnes(): Promise<unknown> {
  const journal = stage({ first: [503, 'network-error', 'reset', { body: 'half of it', cutAfter: 4 }] });
  return { seen: await inTurn(5), answers: journal.entries.map(({ answer }) => answer), calls: journal.attempts() };
}

async function outage(): Promise<unknown> {
  stage({ outages: [{ toMs: 300, answer: 502 }] });
  const during = await seen();
  await new Promise((resolve) => setTimeout(resolve, 350));
  return [during, await seen()];
}

async function quota(): Promise<unknown> {
  const journal = stage({ quota: { limit: 2, perMs: 60_000 } });
  const answers = await inTurn(2);
  const refused = await fetch('/api/users');
  return {
    answers,
    refused: refused.status,
    after: Number(refused.headers.get('retry-after')),
    peak: journal.peak(60_000),
  };
}

async function slow(): Promise<unknown> {
  stage({ slow: { minMs: 200 } });
  const start = performance.now();
  const answer = await seen();
  return { answer, tookLong: performance.now() - start >= 200 };
}

async function errorsBySeed(): Promise<unknown> {
  const journal = stage({ errors: { share: 0.3, answer: 500 }, seed: 7 });
  await inTurn(20);
  return journal.entries.map(({ answer }) => (answer === 500 ? 'x' : '.')).join('');
}

async function hang(): Promise<unknown> {
  const journal = stage({ first: ['hang'] });
  const controller = new AbortController();
  const answer = seen('/api/users', { signal: controller.signal });
  await journal.arrived(1);
  controller.abort('the page was left');
  return { answer: await answer, entry: journal.entries.map(({ answer: was, aborted }) => ({ answer: was, aborted })) };
}

async function passing(): Promise<unknown> {
  const journal = stage({ first: [503] });
  return { beyond: await seen('/elsewhere'), count: journal.count() };
}

await report(async () => {
  await worker.start({ quiet: true, onUnhandledFrame: 'bypass' });
  return {
    firstOnes: await firstOnes(),
    outage: await outage(),
    quota: await quota(),
    slow: await slow(),
    errorsBySeed: await errorsBySeed(),
    hang: await hang(),
    passing: await passing(),
  };
});
