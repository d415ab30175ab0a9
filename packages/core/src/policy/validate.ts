import type { PolicyPatch } from '../engine.ts';
import {
  type Check,
  type Fields,
  falseOr,
  having,
  listOf,
  number,
  object,
  ofType,
  oneOf,
  recordOf,
  text,
} from './check.ts';
import { checkHostPattern } from './host-pattern.ts';
import type {
  BreakerPolicy,
  BudgetPolicy,
  HedgePolicy,
  HintsPolicy,
  HostPolicy,
  PacelineOptions,
  PacePolicy,
  QueuePolicy,
  Rate,
  RetryPolicy,
  TimeoutsPolicy,
} from './options.ts';
import { join, outOfRange } from './refusal.ts';

/** Checks of a rate's own numbers; Infinity lifts the limit. */
export const RATE_FIELDS: Fields<Rate> = {
  limit: number({ above: 0, infinity: true }),
  perMs: number({ above: 0 }),
  burst: number({ from: 1 }),
};

const RATE = 'a rate such as perSecond(10)';
const oneRate = object({ ...RATE_FIELDS }, { expected: RATE, required: ['limit', 'perMs'] });
const severalRates = listOf(oneRate, RATE);

const rates: Check = (value, parent, name) => {
  if (!Array.isArray(value)) return oneRate(value, parent, name);
  if (value.length === 0) throw outOfRange(join(parent, name), 'at least one rate', value);
  severalRates(value, parent, name);
};

const queue: Fields<QueuePolicy> = {
  maxLength: number({ from: 0, whole: true }),
  maxWaitMs: number({ from: 0, infinity: true }),
  onFull: oneOf('reject-new', 'drop-oldest'),
  order: oneOf('fifo', 'adaptive-lifo'),
  targetWaitMs: number({ above: 0 }),
};

const METHOD = /^[\w!#$%&'*+.^`|~-]+$/;

const statuses = listOf(number({ from: 100, to: 599, whole: true }), 'an array of HTTP statuses');

const retry: Fields<RetryPolicy> = {
  maxRetries: number({ from: 0, whole: true, infinity: true }),
  backoff: having(['delayMs'], 'a backoff such as exponential()'),
  methods: listOf(text(METHOD, "an HTTP method such as 'GET'"), 'an array of HTTP methods'),
  statuses,
  when: ofType('function', 'a function'),
};

const budget: Fields<BudgetPolicy> = {
  ratio: number({ from: 0 }),
  minPerSecond: number({ from: 0 }),
  windowMs: number({ above: 0 }),
};

const hints: Fields<HintsPolicy> = {
  maxRetryAfterMs: number({ from: 0, infinity: true }),
  rateLimitHeaders: ofType('boolean', 'true or false'),
};

const breaker: Fields<BreakerPolicy> = {
  consecutiveFailures: number({ from: 1, whole: true, infinity: true }),
  failureRatio: number({ above: 0, to: 1, infinity: true }),
  windowMs: number({ above: 0 }),
  minAttempts: number({ from: 1, whole: true }),
  statuses,
  openMs: number({ above: 0 }),
  maxOpenMs: number({ above: 0 }),
  probes: number({ from: 1, whole: true }),
  whileOpen: oneOf('refuse', 'wait'),
  healthCheck: ofType('function', 'a function'),
};

const hedge: Fields<HedgePolicy> = {
  afterMs: number({ above: 0 }),
  quantile: number({ above: 0, to: 1 }),
  minSamples: number({ from: 1, whole: true }),
  ratio: number({ above: 0 }),
};

const timeouts: Fields<TimeoutsPolicy> = {
  attemptMs: number({ above: 0, infinity: true }),
  totalMs: number({ above: 0, infinity: true }),
};

const pace: Fields<PacePolicy> = {
  minPerSecond: number({ above: 0 }),
};

const OFF_OR_GROUP = { expected: 'false or an object' };

const policy: Fields<HostPolicy> = {
  rate: rates,
  burst: number({ from: 1 }),
  concurrency: number({ from: 1, whole: true, infinity: true }),
  queue: object({ ...queue }),
  retry: falseOr(object({ ...retry }, OFF_OR_GROUP)),
  budget: falseOr(object({ ...budget }, OFF_OR_GROUP)),
  hints: falseOr(object({ ...hints }, OFF_OR_GROUP)),
  pace: falseOr(object({ ...pace }, OFF_OR_GROUP)),
  breaker: falseOr(object({ ...breaker }, OFF_OR_GROUP)),
  hedge: falseOr(object({ ...hedge }, OFF_OR_GROUP)),
  timeouts: object({ ...timeouts }),
};

const hostPolicy = object({ ...policy });

/**
 * Checks one policy. `path` is where it stands, for the message: `defaults`, `hosts['api.example.com']`.
 *
 * @throws TypeError for a wrong type or an unknown name; RangeError for a number that is out of range.
 */
export function checkPolicy(value: unknown, path: string): void {
  hostPolicy(value, '', path);
}

const hosts: Check = (value, parent, name) => {
  const spelled = new Map<string, string>();
  const entry = (pattern: string, held: unknown, parentPath: string): void => {
    const path = `${parentPath}['${pattern}']`;
    checkHostPattern(pattern, path);
    const twin = spelled.get(pattern.toLowerCase());
    if (twin !== undefined) throw new TypeError(`${path}: the same host as '${twin}'`);
    spelled.set(pattern.toLowerCase(), pattern);
    if (held !== undefined) checkPolicy(held, path);
  };
  recordOf(entry, 'an object of policies by host')(value, parent, name);
};

const patch: Fields<PolicyPatch> = { defaults: hostPolicy, hosts };

const options: Fields<PacelineOptions> = {
  ...patch,
  keyOf: ofType('function', 'a function'),
  maxLanes: number({ from: 0, whole: true }),
  store: having(['take', 'giveBack', 'hold', 'release'], 'a store such as redisStore(client)'),
  clock: having(['now', 'wallNow', 'setTimer'], 'a clock with now, wallNow and setTimer'),
  random: ofType('function', 'a function'),
};

const wholeOptions = object({ ...options });
const wholePatch = object({ ...patch });

/**
 * Checks what an engine is made of.
 *
 * @throws TypeError, RangeError as `checkPolicy` does.
 */
export function checkOptions(value: unknown): asserts value is PacelineOptions {
  wholeOptions(value, '', '');
}

/**
 * Checks a change of policies.
 *
 * @throws TypeError, RangeError as `checkPolicy` does.
 */
export function checkPatch(value: unknown): asserts value is PolicyPatch {
  wholePatch(value, '', '');
}
