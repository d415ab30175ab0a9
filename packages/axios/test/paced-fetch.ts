import { attach, type Paceline } from '@paceline/core';
import { onTestFinished } from 'vitest';

type Fetch = typeof fetch;

/** A fetch that takes every request through an engine, as the adapter of another client does. */
export function pacedFetch(pace: Paceline, inner: Fetch): Fetch {
  const wrapper: Fetch = async (input, init) => {
    const { url, method } = new Request(input, init);
    const outcome = await pace.run<Response>({
      url,
      method,
      replayable: false,
      async send() {
        const value = await inner(input, init);
        const header = (name: string): string | null => value.headers.get(name);
        return { kind: 'answered', status: value.status, value, header, discard() {} };
      },
    });
    if (outcome.kind === 'failed') throw outcome.error;
    return outcome.value;
  };
  return attach(wrapper, { pace, inner });
}

/** Wraps the global fetch for one test. */
export function installFetch(...engines: Paceline[]): void {
  const before = globalThis.fetch;
  for (const pace of engines) globalThis.fetch = pacedFetch(pace, globalThis.fetch);
  onTestFinished(() => {
    globalThis.fetch = before;
  });
}
