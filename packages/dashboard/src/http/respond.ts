import type { ServerResponse } from 'node:http';
import { Refusal } from './refusal.ts';

/** For everything but the page itself, which has its own policy. */
const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every response: nothing of it is kept, framed, guessed at or read by another site. */
export function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', NO_CONTENT_POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(value));
}

export function sendText(response: ServerResponse, type: string, text: string): void {
  response.setHeader('content-type', type);
  response.end(text);
}

/** Says why not. Whatever the request still has to say is not read: the connection ends with the answer. */
export function sendRefusal(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const refusal = error instanceof Refusal ? error : new Refusal(500, 'the dashboard failed');
  if (refusal !== error) console.error('paceline: the dashboard could not answer a request', error);
  response.statusCode = refusal.status;
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  response.setHeader('connection', 'close');
  sendJson(response, { error: refusal.message });
}
