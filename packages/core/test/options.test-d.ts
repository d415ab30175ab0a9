import {
  type Backoff,
  type Call,
  createPaceline,
  exponential,
  type HostPolicy,
  isPacelineError,
  type Jitter,
  type Outcome,
  type PaceEvent,
  type Paceline,
  type PacelineError,
  type PacelineErrorCode,
  type PaceOptions,
  perSecond,
  type RetryReason,
  strategies,
} from '@paceline/core';
import { seededRandom, virtualClock } from '@paceline/core/testing';
import { describe, expectTypeOf, test } from 'vitest';

describe('options', () => {
  test('all are optional, and readonly ones are taken', () => {
    expectTypeOf(createPaceline).toBeCallableWith();
    expectTypeOf(createPaceline).toBeCallableWith({});
    expectTypeOf(createPaceline).toBeCallableWith({ clock: virtualClock(), random: seededRandom(1) });
    const policy = { rate: [perSecond(1), perSecond(2)], retry: { methods: ['GET'], statuses: [503] } } as const;
    expectTypeOf(policy).toExtend<HostPolicy>();
    expectTypeOf<Partial<HostPolicy>>().toEqualTypeOf<HostPolicy>();
    expectTypeOf<Partial<PaceOptions>>().toEqualTypeOf<PaceOptions>();
    expectTypeOf(strategies.paced).toExtend<HostPolicy>();
  });

  test('unknown names and wrong types are errors', () => {
    // @ts-expect-error: misspelt
    createPaceline({ default: {} });
    // @ts-expect-error: misspelt
    createPaceline({ defaults: { concurency: 1 } });
    // @ts-expect-error: a number is no rate
    createPaceline({ defaults: { rate: 10 } });
    // @ts-expect-error: `true` says nothing
    createPaceline({ defaults: { retry: true } });
    // @ts-expect-error: no such way
    createPaceline({ defaults: { queue: { onFull: 'wait' } } });
    // @ts-expect-error: a backoff is made by a function
    createPaceline({ defaults: { retry: { backoff: 'exponential' } } });
    // @ts-expect-error: `undefined` is not the same as unset
    createPaceline({ defaults: { burst: undefined } });
    // @ts-expect-error: no such jitter
    exponential({ jitter: 'half' });
  });

  test('a store has all that makes one', () => {
    // @ts-expect-error: nothing to take tokens from
    createPaceline({ store: {} });
  });

  test('configure takes policies only', () => {
    const pace = {} as Paceline;
    expectTypeOf(pace.configure).toBeCallableWith({ defaults: { concurrency: 1 }, hosts: { '*': { burst: 2 } } });
    // @ts-expect-error: the clock of a running engine stays
    pace.configure({ clock: virtualClock() });
  });

  test('a backoff of the own making is a pure step', () => {
    expectTypeOf({
      delayMs: ({ retry, random }: { retry: number; random: () => number }) => retry * random(),
    }).toExtend<Backoff>();
    expectTypeOf<Jitter>().toEqualTypeOf<'none' | 'full' | 'equal' | 'decorrelated'>();
  });
});

describe('results', () => {
  test("a call's value comes back as what it is", () => {
    const pace = {} as Paceline;
    expectTypeOf(pace.run({} as Call<{ readonly id: 7 }>)).resolves.toEqualTypeOf<Outcome<{ readonly id: 7 }>>();
  });

  test('an outcome is told apart by its kind', () => {
    const outcome = {} as Outcome<string>;
    if (outcome.kind === 'answered') expectTypeOf(outcome.value).toBeString();
    else expectTypeOf(outcome.sent).toEqualTypeOf<'never' | 'maybe'>();
    // @ts-expect-error: only an answer has a status
    outcome.status;
  });

  test('an error is narrowed, and its code is one of the list', () => {
    const error: unknown = undefined;
    if (isPacelineError(error)) expectTypeOf(error).toEqualTypeOf<PacelineError>();
    expectTypeOf(isPacelineError).toBeCallableWith(error, 'QUEUE_FULL');
    // @ts-expect-error: no such code
    isPacelineError(error, 'QUEUE_FUL');
    expectTypeOf<PacelineError['code']>().toEqualTypeOf<PacelineErrorCode>();
  });

  test('an event is told apart by its type', () => {
    const event = {} as PaceEvent;
    if (event.type === 'retry') expectTypeOf(event.reason).toEqualTypeOf<RetryReason>();
    if (event.type === 'held') expectTypeOf(event).not.toHaveProperty('call');
  });
});
