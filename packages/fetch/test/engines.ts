import { createPaceline, type HostPolicy, immediate, type PaceEvent, type Paceline } from '@paceline/core';

/** An engine that tries again at once, at no pace and without a budget, and all that it told. */
export interface Eager {
  readonly pace: Paceline;
  readonly events: PaceEvent[];
  /** Why the last call ended. */
  reason(): string | undefined;
}

export function eager(policy: HostPolicy = {}): Eager {
  const events: PaceEvent[] = [];
  const pace = createPaceline({ defaults: { pace: false, budget: false, retry: { backoff: immediate }, ...policy } });
  pace.subscribe((event) => events.push(event));
  return {
    pace,
    events,
    reason: () => events.findLast((event) => event.type === 'settled')?.reason,
  };
}
