import type { Scenario } from '../scenario/scenario.ts';
import { InputError, isRecord } from './json-policy.ts';
import { readOwnFile } from './own-file.ts';

/**
 * The numbers of a user's own server and its clients. They replace those of a scenario; what befalls the server stays. Unset
 * ones are the scenario's.
 */
export interface ServerNumbers {
  /** Requests served at once. */
  readonly workers?: number;
  /** Mean time of one request, in milliseconds. */
  readonly serviceMs?: number;
  /** Coefficient of variation of that time. */
  readonly cv?: number;
  /** Requests that may wait for a worker. */
  readonly queueLength?: number;
  /** Cost of a rejection, as a share of `serviceMs`. */
  readonly rejectionShare?: number;
  /** Client processes. */
  readonly processes?: number;
  /** Calls of all of them together. */
  readonly perSecond?: number;
  /** Time on the wire, there and back, in milliseconds. */
  readonly roundTripMs?: number;
  /** Timeout of one attempt, in milliseconds. */
  readonly attemptMs?: number;
  /** Deadline of a call, in milliseconds. */
  readonly totalMs?: number;
}

/** The least that each number may be. */
const LEAST: { readonly [K in keyof Required<ServerNumbers>]: number } = {
  workers: 1,
  serviceMs: 0.1,
  cv: 0,
  queueLength: 0,
  rejectionShare: 0,
  processes: 1,
  perSecond: 0.001,
  roundTripMs: 0,
  attemptMs: 1,
  totalMs: 1,
};

const WHOLE: ReadonlySet<string> = new Set(['workers', 'queueLength', 'processes']);

/** A file of such numbers: JSON, or a module that exports `server`. */
export async function readServerNumbers(path: string): Promise<ServerNumbers> {
  return checkNumbers(await readOwnFile(path, 'server'), path);
}

/**
 * Checks numbers that come from outside.
 *
 * @throws InputError naming the choices, or the number and what was expected.
 */
export function checkNumbers(value: unknown, where: string): ServerNumbers {
  if (!isRecord(value)) throw new InputError(`${where}: expected an object, got ${JSON.stringify(value)}`);
  for (const [name, number] of Object.entries(value)) {
    const least = (LEAST as Readonly<Record<string, number>>)[name];
    if (least === undefined) {
      throw new InputError(`${where}: there is no number '${name}'. There are: ${Object.keys(LEAST).join(', ')}`);
    }
    const isFit = typeof number === 'number' && number >= least && (!WHOLE.has(name) || Number.isInteger(number));
    if (isFit && Number.isFinite(number)) continue;
    const kind = WHOLE.has(name) ? 'a whole number' : 'a number';
    throw new InputError(`${where}: ${name}: expected ${kind} from ${least}, got ${JSON.stringify(number)}`);
  }
  return value;
}

/** A scenario at the user's server. A batch keeps its size, a plan its processes, too, a quota its limit. */
export function withNumbers(scenario: Scenario, numbers: ServerNumbers | undefined): Scenario {
  if (numbers === undefined) return scenario;
  const { processes, perSecond, roundTripMs, attemptMs, totalMs, ...server } = numbers;
  const { load } = scenario;
  return {
    ...scenario,
    server: { ...scenario.server, ...server },
    load: {
      ...load,
      ...(processes === undefined || load.kind === 'planned' ? {} : { processes }),
      ...(perSecond === undefined || load.kind !== 'open' ? {} : { perSecond }),
    },
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(attemptMs === undefined ? {} : { attemptMs }),
    ...(totalMs === undefined ? {} : { totalMs }),
  };
}
