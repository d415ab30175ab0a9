import type { Frame } from '../wire/views.ts';
import { authorization, reasonOf } from './access.ts';

/** How it stands with the server. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

interface Listener {
  frame(frame: Frame): void;
  connection(connection: Connection): void;
}

/** Frames come more often than that: a connection that is silent for so long is dead, whatever the browser thinks. */
const MOST_SILENCE_MS = 15_000;

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/**
 * Follows the server's frames, and comes back whenever the connection is lost. Only a refusal ends it: a wrong token stays
 * wrong. Not an EventSource, because that cannot send a token.
 */
export async function follow(listener: Listener): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    listener.connection({ kind: 'connecting' });
    const end = await readFrames(listener, () => {
      retryMs = FIRST_RETRY_MS;
    });
    listener.connection(end);
    if (end.kind === 'refused' && end.status < 500) return;
    // Spread, so that all open pages do not come back to a restarted server at once.
    await new Promise((resolve) => setTimeout(resolve, retryMs * (0.5 + Math.random())));
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }
}

async function readFrames(listener: Listener, began: () => void): Promise<Connection> {
  const abort = new AbortController();
  let silence = setTimeout(() => abort.abort(), MOST_SILENCE_MS);
  try {
    const response = await fetch('events', { headers: authorization(), signal: abort.signal, cache: 'no-store' });
    if (!response.ok) return { kind: 'refused', status: response.status, why: await reasonOf(response) };
    for await (const data of eventData(response.body ?? new ReadableStream())) {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), MOST_SILENCE_MS);
      began();
      listener.connection({ kind: 'live' });
      listener.frame(JSON.parse(data) as Frame);
    }
  } catch {
    // A lost connection and an aborted one are the same here.
  } finally {
    clearTimeout(silence);
  }
  return { kind: 'lost' };
}

/** The data of server-sent events: of one line each, as this server sends them. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  // Pieces of one long event are joined once, not once a piece.
  let pieces: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = decoder.decode(value, { stream: true }).split('\n');
      while (parts.length > 1) {
        pieces.push(parts.shift() ?? '');
        const line = pieces.join('');
        pieces = [];
        if (line.startsWith('data:')) yield line.slice(5).trimStart();
      }
      pieces.push(parts[0] ?? '');
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
