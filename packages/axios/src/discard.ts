/** How much of a dropped body is read, at most, to get its connection back. A fuller one costs less to open anew. */
const MAX_DRAIN_BYTES = 65_536;

/** How long a dropped body may take to end, in milliseconds. */
const MAX_DRAIN_MS = 100;

/** A body that is still being received: the fetch adapter's web stream, or the http adapter's Node stream. */
interface LiveBody {
  pipeTo?: ReadableStream<Uint8Array>['pipeTo'];
  destroy?(): void;
  on(event: string, listener: (chunk: Uint8Array) => void): LiveBody;
}

/** Reads a short rest of a dropped body, so that its connection serves again, and gives a longer one up. Nothing waits. */
export function discard(body: Partial<LiveBody> | null | undefined): void {
  let left = MAX_DRAIN_BYTES;
  const isTooLong = ({ length }: Uint8Array): boolean => {
    left -= length;
    return left < 0;
  };
  if (body?.pipeTo) {
    const write = (chunk: Uint8Array): void => {
      if (isTooLong(chunk)) throw new Error('too long');
    };
    body.pipeTo(new WritableStream({ write }), { signal: timeout() }).catch(ignore);
  } else if (body?.destroy && body.on) {
    const destroy = (): void => body.destroy?.();
    timeout().addEventListener('abort', destroy);
    body.on('error', ignore).on('data', (chunk) => isTooLong(chunk) && destroy());
  }
}

/** One that keeps no process alive. */
function timeout(): AbortSignal {
  return AbortSignal.timeout(MAX_DRAIN_MS);
}

function ignore(): void {}
