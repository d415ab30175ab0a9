import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** More than any change of settings needs. */
const MOST_BYTES = 16_384;

/**
 * The body of a request. Only JSON by name: a form of a foreign page cannot send that without asking first.
 *
 * @throws Refusal for another content type, too many bytes, or what is no JSON object.
 */
export async function jsonBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refusal(415, 'expected Content-Type: application/json');
  const text = await textOf(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `no JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'expected a JSON object');
  }
  return value as Record<string, unknown>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const tooMuch = new Refusal(413, `a body has at most ${MOST_BYTES} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooMuch;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop must not destroy the request: the refusal goes out on the same socket.
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_BYTES) throw tooMuch;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error === tooMuch ? tooMuch : new Refusal(400, 'the body broke off');
  }
  return Buffer.concat(chunks).toString('utf8');
}
