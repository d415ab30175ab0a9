import { type Answer, type LocalServer, serve } from '@paceline/example-support';

const LIMIT = 4;
const WINDOW_MS = 500;

/** A server that answers as OpenAI's does: overloaded at first, then with a quota of 4 requests in each half second. */
export function serveOpenaiLike(): Promise<LocalServer> {
  let resetsAt = 0;
  let used = 0;

  return serve((_request, number): Answer => {
    if (number === 1) return { status: 503, body: { error: { message: 'The engine is currently overloaded' } } };
    const now = performance.now();
    if (now >= resetsAt) {
      resetsAt = now + WINDOW_MS;
      used = 0;
    }
    used += 1;
    const resetMs = Math.ceil(resetsAt - now);
    const headers = {
      'x-ratelimit-limit-requests': String(LIMIT),
      'x-ratelimit-remaining-requests': String(Math.max(0, LIMIT - used)),
      'x-ratelimit-reset-requests': `${resetMs}ms`,
    };
    if (used <= LIMIT) return { headers, body: COMPLETION };
    const body = { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } };
    return { status: 429, headers: { ...headers, 'retry-after-ms': String(resetMs) }, body };
  });
}

const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model: 'local',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Steady on.' }, finish_reason: 'stop' }],
};
