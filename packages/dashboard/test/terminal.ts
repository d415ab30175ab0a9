import { PassThrough } from 'node:stream';
import type { WatchOutput } from '../src/watch/output.ts';

/** A stream that remembers what was written to it. */
export interface Written extends WatchOutput {
  /** All of it since the last time. */
  take(): string;
  /** Resolves with all that was written since the last `take`, once it has the text. */
  until(text: string): Promise<string>;
}

/** A terminal of a size, or a pipe if it has none. */
export function written(size?: { readonly columns: number; readonly rows: number }): Written {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    stream.emit('text');
  });
  const take = (): string => {
    const taken = text;
    text = '';
    return taken;
  };
  const until = async (wanted: string): Promise<string> => {
    while (!text.includes(wanted)) await new Promise((resolve) => stream.once('text', resolve));
    return take();
  };
  return Object.assign(stream, { ...(size !== undefined && { isTTY: true, ...size }), take, until });
}
