import type { Answered } from '@paceline/core';

/** How much of a dropped body is read, at most, to get its connection back: more costs more than a new connection. */
const MAX_DRAIN_BYTES = 65_536;

/** How long a dropped body may take to end, in milliseconds. */
const MAX_DRAIN_MS = 100;

/** A response as an outcome. Its body is not touched unless the response is dropped. */
export function answered(response: Response): Answered<Response> {
  return {
    kind: 'answered',
    status: response.status,
    value: response,
    header: (name) => response.headers.get(name),
    discard: () => drain(response.body),
  };
}

/**
 * Reads a short rest, so that the connection serves again, and cancels a longer one. Nothing waits for a cancel: on a
 * body that somebody else reads as well, it ends only with that reader.
 */
function drain(body: ReadableStream<Uint8Array> | null): void {
  let left = MAX_DRAIN_BYTES;
  const sink = new WritableStream<Uint8Array>({
    write({ byteLength }) {
      left -= byteLength;
      if (left < 0) throw new RangeError('too long');
    },
  });
  body?.pipeTo(sink, { signal: AbortSignal.timeout(MAX_DRAIN_MS) }).catch(() => {});
}
