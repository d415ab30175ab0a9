import type { RequestHandler } from 'msw';
import { checkFields, checkList, wrongType } from './check/check.ts';
import { type Clock, runtimeClock } from './time/clock.ts';

/** How a scenario runs and what its journal keeps. */
export interface FailuresOptions {
  /** Time of outages, quotas and slow answers: `virtualClock()` of `@paceline/core/testing`. @default the runtime's */
  readonly clock?: Clock;
  /**
   * What tells calls apart, so that the attempts of one are counted together: a function, or the name of a request
   * header; a request without that header goes by its method and URL. @default 'Idempotency-Key'
   */
  readonly callBy?: string | ((request: Request) => string);
  /** Whether the journal keeps the text of request bodies. @default false */
  readonly recordBodies?: boolean;
  /**
   * Your own handlers, asked inside the scenario rather than after it. The journal then knows what they answered, and
   * their answers carry the quota's headers too. @default none
   */
  readonly handlers?: readonly RequestHandler[];
}

/** `FailuresOptions` after validation. */
export interface Settings {
  readonly clock: Clock;
  readonly callOf: (request: Request) => string;
  readonly recordBodies: boolean;
  readonly handlers: readonly RequestHandler[];
}

/** @throws {TypeError} naming the option that is wrong, what was expected and what came */
export function checkOptions(given: FailuresOptions): Settings {
  const options = checkFields('options', given, ['clock', 'callBy', 'recordBodies', 'handlers']);
  const { clock = runtimeClock, callBy = 'Idempotency-Key', recordBodies = false, handlers = [] } = options;
  if (typeof recordBodies !== 'boolean') throw wrongType('options.recordBodies', 'true or false', recordBodies);
  return {
    clock: checkClock('options.clock', clock),
    callOf: callOf('options.callBy', callBy),
    recordBodies,
    handlers: checkList('options.handlers', handlers),
  };
}

function checkClock(path: string, clock: Clock): Clock {
  if (typeof clock === 'object' && clock !== null) {
    const port = [clock.now, clock.wallNow, clock.setTimer];
    if (port.every((method) => typeof method === 'function')) return clock;
  }
  throw wrongType(path, 'a clock with now, wallNow and setTimer', clock);
}

function callOf(path: string, callBy: string | ((request: Request) => string)): (request: Request) => string {
  if (typeof callBy === 'function') return callBy;
  if (typeof callBy !== 'string' || callBy === '') throw wrongType(path, 'the name of a header or a function', callBy);
  return (request) => request.headers.get(callBy) ?? `${request.method} ${request.url}`;
}
