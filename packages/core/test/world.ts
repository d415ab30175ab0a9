import {
  type Answered,
  type Attempt,
  type Call,
  createPaceline,
  type LaneSnapshot,
  type Outcome,
  type PaceEvent,
  type Paceline,
  type PacelineOptions,
} from '@paceline/core';
import { seededRandom, type VirtualClock, virtualClock } from '@paceline/core/testing';
import { onTestFinished } from 'vitest';

export const HOST = 'api.test';

/** What the scripted server does with one attempt: a status at once, or in detail. */
export type Step = number | Reply | Break | typeof hang;

export interface Reply {
  readonly status: number;
  readonly afterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Break {
  readonly error: unknown;
  readonly sent?: 'never' | 'maybe';
  readonly afterMs?: number;
  readonly final?: boolean;
}

/** No answer ever, and no heed of the signal. */
export const hang: unique symbol = Symbol('hang');

/** What a test says of a call beside its script. */
export type CallFields = Partial<Omit<Call<unknown>, 'send'>> & { readonly name?: string };

/** One call and all that came of it. */
export interface Sent {
  readonly name: string;
  /** When each attempt left. */
  readonly sentAt: number[];
  /** The signal of each attempt. */
  readonly signals: (AbortSignal | undefined)[];
  /** Attempts that were answered, whether anybody waited for the answer or not. */
  readonly answered: number[];
  /** Attempts whose response was thrown away. */
  readonly discarded: number[];
  /** Undefined while the call is not over. */
  readonly outcome: Outcome<unknown> | undefined;
  readonly settledAt: number | undefined;
  readonly settled: Promise<Outcome<unknown>>;
}

/** An engine on a virtual clock with a seeded random, and a server that follows each call's script. */
export interface World {
  readonly clock: VirtualClock;
  readonly pace: Paceline;
  readonly events: PaceEvent[];
  /** Every call in order of `call`. */
  readonly calls: Sent[];
  /** Names of the calls in the order in which their attempts left. */
  readonly departures: string[];
  /** Starts a call; attempt n gets the n-th step, those beyond the script the last one. Without a script: 200 at once. */
  call(script?: Step | readonly Step[], fields?: CallFields): Sent;
  /** The lane of `HOST`, or of another. */
  lane(host?: string): LaneSnapshot;
}

/**
 * Makes a world; without `options.random`, jitter is what seed 1 gives. Its lanes are static unless the test gives them a
 * pace, so that one failure of a script has no say in when the next call leaves.
 */
export function worldOf(options: PacelineOptions & { readonly clock?: VirtualClock } = {}): World {
  const { clock = virtualClock() } = options;
  const pace = createPaceline({
    random: seededRandom(1),
    ...options,
    defaults: { pace: false, ...options.defaults },
    clock,
  });
  const events: PaceEvent[] = [];
  onTestFinished(pace.subscribe((event) => events.push(event)));
  const calls: Sent[] = [];
  const departures: string[] = [];
  return {
    clock,
    pace,
    events,
    calls,
    departures,
    call(script = 200, fields = {}) {
      const call = new ScriptedCall([script].flat() as readonly Step[], fields, {
        clock,
        departures,
        number: calls.length + 1,
      });
      calls.push(call);
      call.start(pace);
      return call;
    },
    lane(host = HOST) {
      const lane = pace.snapshot().lanes.find((one) => one.host === host);
      if (lane === undefined) throw new Error(`no lane for ${host}`);
      return lane;
    },
  };
}

interface Surroundings {
  readonly clock: VirtualClock;
  readonly departures: string[];
  readonly number: number;
}

class ScriptedCall implements Sent {
  readonly name: string;
  readonly sentAt: number[] = [];
  readonly signals: (AbortSignal | undefined)[] = [];
  readonly answered: number[] = [];
  readonly discarded: number[] = [];
  outcome: Outcome<unknown> | undefined = undefined;
  settledAt: number | undefined = undefined;
  settled!: Promise<Outcome<unknown>>;
  readonly #script: readonly Step[];
  readonly #fields: CallFields;
  readonly #around: Surroundings;

  constructor(script: readonly Step[], { name, ...fields }: CallFields, around: Surroundings) {
    this.name = name ?? String(around.number);
    this.#script = script;
    this.#fields = fields;
    this.#around = around;
  }

  start(pace: Paceline): void {
    const call: Call<unknown> = {
      url: `https://${HOST}/${this.name}`,
      method: 'GET',
      replayable: true,
      ...this.#fields,
      send: (attempt) => this.#send(attempt),
    };
    this.settled = pace.run(call);
    void this.settled.then((outcome) => {
      this.outcome = outcome;
      this.settledAt = this.#around.clock.now();
    });
  }

  #send({ number, signal }: Attempt): Promise<Outcome<unknown>> {
    const { clock, departures } = this.#around;
    this.sentAt.push(clock.now());
    this.signals.push(signal);
    departures.push(this.name);
    const step = this.#script[Math.min(number, this.#script.length) - 1] ?? 200;
    if (step === hang) return new Promise(() => {});
    const { afterMs = 0 } = typeof step === 'number' ? {} : step;
    const deliver = (): Outcome<unknown> => this.#outcomeOf(typeof step === 'number' ? { status: step } : step, number);
    if (afterMs === 0) return Promise.resolve(deliver());
    return new Promise((resolve) => clock.setTimer(() => resolve(deliver()), afterMs));
  }

  #outcomeOf(step: Reply | Break, attempt: number): Outcome<unknown> {
    if ('error' in step) {
      const { error, sent = 'maybe', final } = step;
      return { kind: 'failed', error, sent, ...(final === undefined ? {} : { final }) };
    }
    const { status, headers = {} } = step;
    this.answered.push(attempt);
    const value = `${this.name}#${attempt}`;
    const discard = (): void => void this.discarded.push(attempt);
    return { kind: 'answered', status, value, header: (name) => headers[name], discard } satisfies Answered<string>;
  }
}
