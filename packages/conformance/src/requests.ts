import type { Answer, Request } from './client.ts';

/** A plain GET, but for `fields`. */
export function requestTo(url: string, fields: Partial<Request> = {}): Request {
  const unset = { headers: {}, body: undefined, signal: undefined, options: undefined };
  const limits = { fallsBackTo: undefined, timeoutMs: undefined };
  return { method: 'GET', ...unset, ...limits, ...fields, url };
}

/** Status and body of an answer. */
export async function told(answer: Promise<Answer>): Promise<string> {
  const settled = await answer;
  return `${settled.status}, ${await settled.text()}`;
}
