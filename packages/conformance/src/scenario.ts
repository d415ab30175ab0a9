import type { HostPolicy, PaceOptions } from '@paceline/core';
import type { Body, Client } from './client.ts';

/** One row of the table: what the server does, what is called, and what has to come of it in every client. */
export interface Scenario {
  readonly name: string;
  /** Where it is played; both unless one of them cannot tell, or would only take longer. */
  readonly over?: 'msw' | 'sockets';
  /** Clients without an own time limit pass by. */
  readonly needsOwnTimeout?: true;
  /** On top of a backoff of 20 ms. */
  readonly policy?: HostPolicy;
  /** The host is held for this long before the first call. */
  readonly heldMs?: number;
  /** What the server does with each request, in the order of their arrival; or nobody listens at its address. */
  readonly server: readonly Step[] | 'nobody';
  /** By name, in the order in which they are made; the engine has each before the next is made. */
  readonly calls: Readonly<Record<string, Plan>>;
  /** The engine closes when a call is there. */
  readonly closeWhen?: Moment;
  readonly expected: Expected;
  /** Clients that behave otherwise, and why. */
  readonly otherwise?: Exception;
}

/** A status, with a body of `answer n` for the n-th request to arrive; with more to it; or none. */
export type Step = number | Reply | 'hang' | 'reset' | 'reset in the headers';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection breaks in the middle of the body. */
  readonly isCut?: true;
}

export interface Plan {
  /** @default 'GET' */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  readonly pace?: Omit<PaceOptions, 'fallback'>;
  /** Text of the response that the caller's own fallback makes. */
  readonly fallsBackTo?: string;
  readonly timeoutMs?: number;
  /** It is made only then. */
  readonly when?: Moment;
  /** It is aborted there; `start` is before it is made. */
  readonly abortIn?: Exclude<Whereabouts, 'over'> | 'start';
}

export interface Moment {
  readonly call: string;
  readonly is: Whereabouts;
}

/** Where a call is. `flight`: the server has the request and does not answer. */
export type Whereabouts = 'queue' | 'backoff' | 'flight' | 'over';

/** What becomes of a scenario. */
export interface Expected {
  /** By call: what its caller gets. */
  readonly ends: Readonly<Record<string, End>>;
  /** Names of the calls, in the order in which their attempts arrive at the server. */
  readonly arrivals: string;
  /** By call, its events; under `host` those of no call. `sent` is `admitted` and at once `attempt`. */
  readonly log: Readonly<Record<string, string>>;
  /** What lies at least between one attempt and the next. */
  readonly apartMs?: readonly number[];
  /** What each request carries. */
  readonly body?: string | ((contentType: string) => string);
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * `200, answer 3`: a response with that status and body. `200, broken off`: one whose body does not come to its end.
 * `refused CLOSED`: an error of Paceline's with that code. The reason of an abort is the caller's own.
 */
export type End = `${number}, answer ${number}` | `${number}, broken off` | `refused ${string}` | Failure;

type Failure = 'network failure' | 'aborted' | 'aborted, without the reason';

export interface Exception {
  /** What sets these clients apart. */
  readonly where: Partial<Pick<Client, 'attemptEnds' | 'asksEngineAfterAbort' | 'limitsAttempts'>>;
  readonly because: string;
  readonly expected: Expected;
}

/** What is expected of this client. */
export function expectedOf({ expected, otherwise }: Scenario, client: Client): Expected {
  return otherwise && isException(otherwise, client) ? otherwise.expected : expected;
}

function isException({ where }: Exception, client: Client): boolean {
  return Object.entries(where).every(([trait, value]) => client[trait as keyof typeof where] === value);
}
