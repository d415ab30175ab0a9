import { checkFields, checkList, checkNumber, checkOneOf, wrongType } from '../check/check.ts';
import type { QuotaRules } from '../quota/quota.ts';
import { checkFailure } from './check-failure.ts';
import type { Failure, Outage, Quota, QuotaDialect, RandomErrors, Scenario, Slowness } from './options.ts';
import type { ErrorRules, OutageRules, Reply, ScenarioRules, SlowRules } from './rules.ts';

const PARTS = ['url', 'method', 'outages', 'first', 'firstOfEachCall', 'quota', 'errors', 'slow', 'seed'] as const;
const KINDS = ['fixed-window', 'token-bucket'] as const;
const DIALECTS: readonly QuotaDialect[] = [
  'none',
  'retry-after',
  'retry-after-date',
  'ratelimit',
  'ratelimit-fields',
  'x-ratelimit',
  'x-ratelimit-epoch',
  'x-ratelimit-epoch-ms',
];

const SHARE = { from: 0, to: 1 } as const;
/** The longest delay of `setTimeout`; a longer one would fire at once. */
const DELAY = { from: 0, to: 2_147_483_647 } as const;
const SEED = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER, integer: true } as const;
const COUNT = { from: 1, integer: true } as const;
const SERVICE_UNAVAILABLE: Failure = 503;
const NO_ERRORS: RandomErrors = { share: 0 };
const NOT_SLOW: Slowness = { minMs: 0 };

/** @throws {TypeError | RangeError} naming the part that is wrong, what was expected and what came */
export function checkScenario(given: Scenario): ScenarioRules {
  const { url = '*', method = /.+/, quota, seed = 1, ...parts } = checkFields('scenario', given, PARTS);
  const { outages = [], first = [], firstOfEachCall = [], errors = NO_ERRORS, slow = NOT_SLOW } = parts;
  return {
    url: checkPattern('url', url),
    method: checkPattern('method', method),
    outages: checkList('outages', outages).map((outage, at) => checkOutage(`outages[${at}]`, outage)),
    first: checkFailures('first', first),
    firstOfEachCall: checkFailures('firstOfEachCall', firstOfEachCall),
    quota: quota === undefined ? undefined : checkQuota('quota', quota),
    errors: checkErrors('errors', errors),
    slow: checkSlow('slow', slow),
    seed: checkNumber('seed', seed, SEED),
  };
}

function checkPattern(path: string, value: string | RegExp): string | RegExp {
  if ((typeof value === 'string' && value !== '') || value instanceof RegExp) return value;
  throw wrongType(path, 'a string or a RegExp', value);
}

function checkFailures(path: string, failures: readonly Failure[]): readonly Reply[] {
  return checkList(path, failures).map((failure, at) => checkFailure(`${path}[${at}]`, failure));
}

function checkOutage(path: string, given: Outage): OutageRules {
  const fields = checkFields(path, given, ['fromMs', 'toMs', 'answer']);
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY, answer = SERVICE_UNAVAILABLE } = fields;
  return {
    fromMs: checkNumber(`${path}.fromMs`, fromMs, { from: 0 }),
    toMs: checkNumber(`${path}.toMs`, toMs, { from: fromMs }),
    reply: checkFailure(`${path}.answer`, answer),
  };
}

function checkErrors(path: string, given: RandomErrors): ErrorRules {
  const { share, answer = SERVICE_UNAVAILABLE } = checkFields(path, given, ['share', 'answer']);
  return { share: checkNumber(`${path}.share`, share, SHARE), reply: checkFailure(`${path}.answer`, answer) };
}

function checkSlow(path: string, given: Slowness): SlowRules {
  const { minMs, maxMs = minMs, share = 1 } = checkFields(path, given, ['minMs', 'maxMs', 'share']);
  return {
    minMs: checkNumber(`${path}.minMs`, minMs, DELAY),
    maxMs: checkNumber(`${path}.maxMs`, maxMs, { ...DELAY, from: minMs }),
    share: checkNumber(`${path}.share`, share, SHARE),
  };
}

function checkQuota(path: string, given: Quota): QuotaRules {
  const quota = checkFields(path, given, ['limit', 'perMs', 'kind', 'burst', 'headers']);
  const { kind = 'fixed-window', limit, perMs, burst, headers = 'retry-after' } = quota;
  if (kind === 'fixed-window' && burst !== undefined) {
    throw new TypeError(`${path}.burst: expected kind 'token-bucket' beside it`);
  }
  return {
    kind: checkOneOf(`${path}.kind`, kind, KINDS),
    limit: checkNumber(`${path}.limit`, limit, COUNT),
    perMs: checkNumber(`${path}.perMs`, perMs, { from: 1 }),
    burst: checkNumber(`${path}.burst`, burst === undefined ? limit : burst, COUNT),
    dialects: checkDialects(`${path}.headers`, headers),
  };
}

function checkDialects(path: string, given: QuotaDialect | readonly QuotaDialect[]): readonly QuotaDialect[] {
  if (typeof given === 'string') return [checkOneOf(path, given, DIALECTS)];
  return checkList(path, given).map((dialect, at) => checkOneOf(`${path}[${at}]`, dialect, DIALECTS));
}
