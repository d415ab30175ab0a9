import { constant, exponential, type HostPolicy, perSecond } from '@paceline/core';
import fc from 'fast-check';
import { HOST, hang, type Step, type World } from './world.ts';

/** One thing that happens to an engine. */
export type Deed =
  | {
      readonly do: 'arrive';
      readonly script: Step[];
      readonly priority: number;
      readonly cost: number;
      readonly limits: Limits;
    }
  | { readonly do: 'abort'; readonly call: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'yield'; readonly turns: number }
  | { readonly do: 'configure'; readonly policy: HostPolicy }
  | { readonly do: 'hold'; readonly ms: number }
  | { readonly do: 'release' }
  | { readonly do: 'open-breaker'; readonly ms: number }
  | { readonly do: 'close-breaker' };

interface Limits {
  readonly maxWaitMs?: number;
  readonly totalMs?: number;
  readonly attemptMs?: number;
  readonly maxRetries?: number;
}

const optional: { requiredKeys: [] } = { requiredKeys: [] };
const ms = (max: number): fc.Arbitrary<number> => fc.oneof(fc.integer({ min: 1, max }), fc.constantFrom(1, 50, 100));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>(200, 503, 429, hang) },
  { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(200, 500, 503), afterMs: ms(300) }) },
  {
    weight: 1,
    arbitrary: fc.record({ error: fc.constant('lost'), sent: fc.constantFrom('never', 'maybe'), afterMs: ms(300) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      status: fc.constantFrom(429, 503),
      headers: fc.record({ 'retry-after': fc.constantFrom('0', '0.2', '1', '100') }),
    }),
  },
);

const limits: fc.Arbitrary<Limits> = fc.record(
  { maxWaitMs: ms(1000), totalMs: ms(1500), attemptMs: ms(500), maxRetries: fc.integer({ min: 0, max: 3 }) },
  optional,
);

const arrive: fc.Arbitrary<Deed> = fc.record({
  do: fc.constant('arrive' as const),
  script: fc.array(step, { minLength: 1, maxLength: 4 }),
  priority: fc.constantFrom(0, 0, 0, 1, -1),
  cost: fc.constantFrom(1, 1, 1, 0.5, 2, 3),
  limits,
});

export const policy: fc.Arbitrary<HostPolicy> = fc.record(
  {
    rate: fc.constantFrom(0.5, 1, 3, 10, 100, Number.POSITIVE_INFINITY).map((limit) => perSecond(limit)),
    burst: fc.integer({ min: 1, max: 10 }),
    concurrency: fc.constantFrom(1, 2, 5, Number.POSITIVE_INFINITY),
    queue: fc.record(
      {
        maxLength: fc.integer({ min: 0, max: 8 }),
        maxWaitMs: ms(2000),
        onFull: fc.constantFrom('reject-new' as const, 'drop-oldest' as const),
      },
      optional,
    ),
    retry: fc.constantFrom(
      false as const,
      { backoff: constant(0) },
      { backoff: constant(70) },
      { backoff: exponential() },
    ),
    budget: fc.constantFrom(false as const, { ratio: 0.5 }, { minPerSecond: 0.2, windowMs: 1000 }),
    breaker: fc.oneof(
      fc.constant(false as const),
      fc.record(
        {
          consecutiveFailures: fc.integer({ min: 1, max: 3 }),
          failureRatio: fc.constantFrom(0.2, 0.5),
          minAttempts: fc.integer({ min: 1, max: 5 }),
          openMs: ms(600),
          probes: fc.integer({ min: 1, max: 3 }),
          whileOpen: fc.constantFrom('refuse' as const, 'wait' as const),
        },
        optional,
      ),
    ),
    hedge: fc.constantFrom(
      false as const,
      { afterMs: 1, ratio: 1 },
      { afterMs: 60, ratio: 0.5 },
      { quantile: 0.5, minSamples: 2, ratio: 1 },
    ),
    timeouts: fc.record({ attemptMs: ms(500), totalMs: ms(2000) }, optional),
  },
  optional,
);

/** The same with a pace, or without one. */
export const pacedPolicy: fc.Arbitrary<HostPolicy> = fc
  .record({ policy, pace: fc.constantFrom(false as const, {}, { minPerSecond: 5 }) })
  .map(({ policy: rest, pace }) => ({ ...rest, pace }));

/** What may happen, in any order and as often as it likes. */
export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: arrive },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: ms(700) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('yield' as const), turns: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), call: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('configure' as const), policy }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), ms: ms(1500) }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ do: 'release' }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('open-breaker' as const), ms: ms(1500) }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ do: 'close-breaker' }) },
  ),
  { maxLength: 60 },
);

/** Tells when a deed is about to be done. */
export type Witness = (deed: Deed) => void;

/** Lets it all happen, then lets all come to an end: the hung calls are given up by their callers. */
export async function play(world: World, script: readonly Deed[], witness: Witness = () => {}): Promise<void> {
  const stops: AbortController[] = [];
  for (const deed of script) {
    witness(deed);
    await perform(world, deed, stops);
  }
  await world.clock.runAll();
  for (const stop of stops) stop.abort('over');
  await world.clock.runAll();
}

async function perform({ pace, clock, call }: World, deed: Deed, stops: AbortController[]): Promise<void> {
  switch (deed.do) {
    case 'arrive': {
      const stop = new AbortController();
      stops.push(stop);
      call(deed.script, { signal: stop.signal, options: { priority: deed.priority, cost: deed.cost, ...deed.limits } });
      return;
    }
    case 'abort':
      stops[deed.call % Math.max(1, stops.length)]?.abort('given up');
      return;
    case 'wait':
      return clock.advance(deed.ms);
    case 'yield':
      for (let turn = 0; turn < deed.turns; turn += 1) await undefined;
      return;
    case 'configure':
      return pace.configure({ defaults: deed.policy });
    case 'hold':
      return pace.hold(HOST, deed.ms);
    case 'release':
      return pace.release(HOST);
    case 'open-breaker':
      // Only a policy with a breaker has one to open.
      if (pace.breaker(HOST).state !== undefined) pace.breaker(HOST).open(deed.ms);
      return;
    case 'close-breaker':
      return pace.breaker(HOST).close();
  }
}
