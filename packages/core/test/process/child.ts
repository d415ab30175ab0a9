import { constant, createPaceline, type Outcome, perSecond } from '@paceline/core';
import { memoryStore } from '@paceline/core/testing';

/** What a process does whose end is watched: it prints `settled` for each call that is over, and leaves the rest to Node. */
const scenarios: Readonly<Record<string, () => void>> = {
  'has an engine with nothing to do': () => {
    createPaceline();
  },
  'has held a host that nobody calls': () => {
    createPaceline().hold('a.test', 60_000);
  },
  'has made calls that all succeeded long before their timeouts': () => {
    const pace = createPaceline({ defaults: { timeouts: { attemptMs: 60_000, totalMs: 90_000 } } });
    for (let index = 0; index < 3; index += 1) run(pace, answer(200));
  },
  'has aborted a call that waited for a minute': () => {
    const pace = createPaceline();
    const stop = new AbortController();
    pace.hold('a.test', 59_000);
    run(pace, answer(200), stop.signal);
    stop.abort();
  },
  'has a lane with tokens from a store': () => {
    run(createPaceline({ store: memoryStore({ clock: performance }), defaults: { rate: perSecond(1) } }), answer(200));
  },
  'has a call that waits for a store that never answers': () => {
    const silent = { ...memoryStore({ clock: performance }), take: () => new Promise<never>(() => {}) };
    run(createPaceline({ store: silent, defaults: { rate: perSecond(1) } }), answer(200));
  },
  'has a call in flight that nothing else keeps alive': () => {
    run(createPaceline(), () => new Promise(() => {}));
  },
  'has a call in the queue for its token': () => {
    const pace = createPaceline({ defaults: { rate: perSecond(5), burst: 1 } });
    for (let index = 0; index < 2; index += 1) run(pace, answer(200));
  },
  'has a call in the queue behind a hold': () => {
    const pace = createPaceline({ defaults: { queue: { maxWaitMs: Number.POSITIVE_INFINITY } } });
    pace.hold('a.test', 200);
    run(pace, answer(200));
  },
  'has a call in its backoff': () => {
    const pace = createPaceline({ defaults: { retry: { backoff: constant(200) } } });
    run(pace, answer(503, 200));
  },
  'has an open breaker, and a health check that hangs': () => {
    const breaker = { openMs: 60_000, healthCheck: (): Promise<boolean> => new Promise(() => {}) };
    const pace = createPaceline({ defaults: { breaker } });
    pace.breaker('a.test').open(0);
    run(pace, answer(200));
  },
  'has a call that waits for its breaker': () => {
    const pace = createPaceline({ defaults: { breaker: { whileOpen: 'wait' } } });
    pace.breaker('a.test').open(200);
    run(pace, answer(200));
  },
  'has a call that waits for a health check': () => {
    const breaker = {
      whileOpen: 'wait',
      openMs: 200,
      healthCheck: (): Promise<boolean> => new Promise(() => {}),
    } as const;
    const pace = createPaceline({ defaults: { breaker } });
    pace.breaker('a.test').open(0);
    run(pace, answer(200));
  },
  'has a call that will run into its timeout': () => {
    run(createPaceline({ defaults: { timeouts: { totalMs: 200 } } }), () => new Promise(() => {}));
  },
};

function run(
  pace: ReturnType<typeof createPaceline>,
  send: (attempt: { readonly number: number }) => Promise<Outcome<undefined>>,
  signal?: AbortSignal,
): void {
  pace
    .run({ url: 'https://a.test/', method: 'GET', replayable: true, signal, send })
    .then((outcome) => console.log('settled', outcome.kind));
}

function answer(...statuses: readonly number[]): (attempt: { readonly number: number }) => Promise<Outcome<undefined>> {
  return async ({ number }) => {
    const status = statuses[Math.min(number, statuses.length) - 1] ?? 200;
    return { kind: 'answered', status, value: undefined, header: () => null, discard: () => {} };
  };
}

const scenario = scenarios[process.argv[2] ?? ''];
if (scenario === undefined) throw new Error(`no scenario '${process.argv[2]}'`);
scenario();
