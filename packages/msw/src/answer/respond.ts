import type { RequestHandler } from 'msw';
import type { JournalAnswer, OpenEntry } from '../journal/journal.ts';
import type { Settings } from '../options.ts';
import { quotaHeaders } from '../quota/headers.ts';
import type { QuotaRules } from '../quota/quota.ts';
import type { Verdict } from '../scenario/course.ts';
import { pause } from '../time/pause.ts';
import { responseOf, withHeaders } from './answer.ts';

/** A request that was entered in the journal and judged. */
export interface Judged {
  readonly request: Request;
  readonly entry: OpenEntry;
  readonly verdict: Verdict;
  readonly quota: QuotaRules | undefined;
  readonly settings: Settings;
}

/** Does what the verdict says, and writes into the journal what came of it. Undefined lets the request pass. */
export async function respond(judged: Judged): Promise<Response | undefined> {
  const { request, entry, verdict, settings } = judged;
  const body = settings.recordBodies ? recordBody(request, entry) : undefined;
  entry.part = verdict.part;
  entry.delayMs = verdict.delayMs;
  if (verdict.reply?.kind === 'hang') entry.answer = 'hang';
  await waitAsToldBy(judged);
  await body;
  const response = await answerTo(judged);
  entry.answer = response === undefined ? 'passed' : nameOf(response, verdict);
  return response;
}

function waitAsToldBy({ request, entry, verdict, settings }: Judged): Promise<void> {
  return pause({
    ms: verdict.reply?.kind === 'hang' ? Number.POSITIVE_INFINITY : verdict.delayMs,
    clock: settings.clock,
    signal: request.signal,
    onAbort: () => {
      entry.aborted = true;
    },
  });
}

async function answerTo({ request, verdict, quota, settings }: Judged): Promise<Response | undefined> {
  const { reply } = verdict;
  if (reply?.kind === 'hang') return undefined;
  const response = reply === undefined ? await ask(settings.handlers, request) : responseOf(reply);
  if (response === undefined || quota === undefined || verdict.quota === undefined) return response;
  const wallNow = settings.clock.wallNow();
  return withHeaders(response, quotaHeaders({ rules: quota, view: verdict.quota, wallNow }));
}

async function ask(handlers: readonly RequestHandler[], request: Request): Promise<Response | undefined> {
  for (const handler of handlers) {
    const result = await handler.run({ request, requestId: crypto.randomUUID() });
    if (result?.response !== undefined) return result.response;
  }
  return undefined;
}

/** The journal's word for an answer; `passthrough()` of MSW is a marked response. */
function nameOf(response: Response, { reply }: Verdict): JournalAnswer {
  if (reply !== undefined && reply.kind !== 'answer') return reply.kind;
  if (response.type === 'error') return 'network-error';
  return response.headers.has('x-msw-intention') ? 'passed' : response.status;
}

async function recordBody(request: Request, entry: OpenEntry): Promise<void> {
  if (request.bodyUsed) return;
  entry.body = await request
    .clone()
    .text()
    .catch(() => undefined);
}
