import type { Failed } from './call.ts';

/** A send that throws says nothing of what was sent. */
export function thrown(error: unknown): Failed {
  return { kind: 'failed', error, sent: 'maybe' };
}
