import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { CallFacts, Failed, Outcome } from '../call/call.ts';
import { PacelineError } from '../errors.ts';
import type { Hints } from '../hints/hints.ts';
import type { RetryRules } from '../policy/rules.ts';
import { constant } from './backoff.ts';
import { type Decision, decide, isPlainlyDone, type Situation } from './decide.ts';

const RULES: RetryRules = {
  maxRetries: 3,
  backoff: constant(100),
  methods: new Set(['GET']),
  statuses: new Set([429, 503]),
  when: undefined,
};

const CALL: CallFacts = {
  url: 'https://api.example.com/',
  method: 'GET',
  host: 'api.example.com',
  attempts: 1,
  replayable: true,
  idempotent: true,
};

const ONCE: CallFacts = { ...CALL, method: 'POST', idempotent: false };
const STREAM: CallFacts = { ...ONCE, replayable: false };

function answered(status: number, headers: Record<string, string> = {}): Outcome<unknown> {
  const header = (name: string): string | null => headers[name] ?? null;
  return { kind: 'answered', status, value: undefined, header, discard: () => expect.unreachable('discarded') };
}

function failed(sent: Failed['sent'], more: Partial<Failed> = {}): Outcome<unknown> {
  return { kind: 'failed', error: new TypeError('fetch failed'), sent, ...more };
}

const TIMED_OUT = failed('maybe', {
  error: new PacelineError('ATTEMPT_TIMEOUT', 'too long', { host: CALL.host, attempts: 1 }),
  timedOut: true,
});

function decideOn(outcome: Outcome<unknown>, more: Partial<Situation> = {}): Decision {
  return decide({
    outcome,
    hints: undefined,
    call: CALL,
    tries: more.call?.attempts ?? 1,
    rules: RULES,
    own: undefined,
    maxRetries: 3,
    requeuesThrottled: false,
    maxRetryAfterMs: 60_000,
    remainingMs: Infinity,
    previousDelayMs: 0,
    badness: 0,
    random: () => 0.5,
    ...more,
  });
}

/** `throttled after 100`, or the reason why not. */
function verdict(outcome: Outcome<unknown>, more: Partial<Situation> = {}): string {
  const decision = decideOn(outcome, more);
  return decision.action === 'stop' ? decision.reason : `${decision.reason} after ${decision.delayMs}`;
}

const retryAfter = (waitMs: number, scope: Hints['scope'] = 'host'): Hints => ({
  waitMs,
  source: 'retry-after',
  scope,
});

describe('an outcome', () => {
  test.each<[string, Outcome<unknown>, string]>([
    ['an answer', answered(200), 'done'],
    ['a status of no list', answered(404), 'done'],
    ['a status of the list', answered(503), 'status after 100'],
    ['429', answered(429), 'throttled after 100'],
    ['a timeout', TIMED_OUT, 'timeout after 100'],
    ['no response', failed('maybe'), 'network after 100'],
    ['a request that never left', failed('never'), 'never-sent after 100'],
    ["the caller's own mistake", failed('never', { final: true }), 'not-retryable'],
  ])('%s: %s', (_name, outcome, expected) => {
    expect(verdict(outcome)).toBe(expected);
  });
});

describe('R8: a call that is not idempotent', () => {
  test.each<[string, Outcome<unknown>, string]>([
    ['is not tried again after a status', answered(503), 'not-idempotent'],
    ['is not tried again after a failure that may have been processed', failed('maybe'), 'not-idempotent'],
    ['is not tried again after a timeout', TIMED_OUT, 'not-idempotent'],
    ['is tried again after 429', answered(429), 'throttled after 100'],
    ['is tried again if it never left', failed('never'), 'never-sent after 100'],
  ])('%s', (_name, outcome, expected) => {
    expect(verdict(outcome, { call: ONCE })).toBe(expected);
  });

  test('is tried again if the policy says so', () => {
    expect(verdict(answered(503), { call: ONCE, rules: { ...RULES, when: () => true } })).toBe('status after 100');
  });
});

describe('R8: a body that cannot be sent again', () => {
  test.each<[string, Outcome<unknown>, string]>([
    ['is not sent again after 429', answered(429), 'not-replayable'],
    ['is not sent again after a failure', failed('maybe'), 'not-replayable'],
    ['is sent if it never was', failed('never'), 'never-sent after 100'],
  ])('%s', (_name, outcome, expected) => {
    expect(verdict(outcome, { call: STREAM })).toBe(expected);
    expect(verdict(outcome, { call: { ...STREAM, idempotent: true } })).toBe(expected);
  });

  test('is not sent again even if the policy says so', () => {
    expect(verdict(answered(503), { call: STREAM, rules: { ...RULES, when: () => true } })).toBe('not-replayable');
  });
});

describe('the bounds', () => {
  test.each([
    [1, 3, 'status after 100'],
    [3, 3, 'status after 100'],
    [4, 3, 'retries-exhausted'],
    [1, 0, 'retries-exhausted'],
    [1_000_000, Infinity, 'status after 100'],
  ])('after %d attempts with %d retries: %s', (attempts, maxRetries, expected) => {
    expect(verdict(answered(503), { call: { ...CALL, attempts }, maxRetries })).toBe(expected);
  });

  test('a backoff beyond the time of the call ends it now', () => {
    expect(verdict(answered(503), { remainingMs: 100 })).toBe('status after 100');
    expect(verdict(answered(503), { remainingMs: 99 })).toBe('out-of-time');
  });

  test('hold a policy that asks for one more, too', () => {
    const rules: RetryRules = { ...RULES, when: () => true };
    expect(verdict(answered(200), { rules, call: { ...CALL, attempts: 4 } })).toBe('retries-exhausted');
    expect(verdict(answered(200), { rules, remainingMs: 50 })).toBe('out-of-time');
    expect(verdict(answered(200), { rules, hints: retryAfter(60_001) })).toBe('retry-after-too-long');
  });
});

describe('R5: Retry-After', () => {
  test('of a host is left to the hold of its lane', () => {
    expect(verdict(answered(503), { hints: retryAfter(5_000) })).toBe('status after 0');
  });

  test('of a call is waited for, or the backoff if that is longer', () => {
    expect(verdict(answered(503), { hints: retryAfter(5_000, 'call') })).toBe('status after 5000');
    expect(verdict(answered(503), { hints: retryAfter(0, 'call') })).toBe('status after 100');
  });

  test.each<Hints['scope']>(['host', 'call'])('of a %s that asks for too long ends the call now', (scope) => {
    const hints = retryAfter(5_000, scope);
    expect(verdict(answered(503), { hints, maxRetryAfterMs: 4_999 })).toBe('retry-after-too-long');
    expect(verdict(answered(503), { hints, maxRetryAfterMs: 5_000 })).toMatch(/^status/);
    expect(verdict(answered(503), { hints, remainingMs: 4_999 })).toBe('retry-after-too-long');
  });

  test('of a plain answer asks for nothing', () => {
    expect(verdict(answered(200), { hints: retryAfter(5_000, 'call') })).toBe('done');
  });

  test('is not needed for a hold: an exhausted RateLimit leaves the call its own backoff', () => {
    const hints: Hints = { waitMs: 5_000, source: 'rate-limit', scope: 'host' };
    expect(verdict(answered(429), { hints })).toBe('throttled after 100');
  });
});

describe('a backoff', () => {
  const delayOf = (delayMs: number, own?: Situation['own']): string =>
    verdict(answered(503), { rules: { ...RULES, backoff: { delayMs: () => delayMs } }, own });

  test('learns the number of the retry, the last wait, the state of the host and the dice', () => {
    const delayMs = vi.fn(() => 7);
    const random = (): number => 0.25;
    const rules: RetryRules = { ...RULES, backoff: { delayMs } };
    decideOn(answered(503), { rules, call: { ...CALL, attempts: 3 }, previousDelayMs: 40, badness: 0.5, random });
    expect(delayMs).toHaveBeenCalledExactlyOnceWith({ retry: 2, previousMs: 40, badness: 0.5, random });
  });

  test('of a user that makes no sense is none', () => {
    expect(delayOf(-5)).toBe('status after 0');
    expect(delayOf(Number.NaN)).toBe('status after 0');
    expect(delayOf('soon' as unknown as number)).toBe('status after 0');
  });

  test('that would never end is not begun', () => {
    expect(delayOf(Infinity)).toBe('out-of-time');
    expect(delayOf(Infinity, { maxBackoffMs: 500 })).toBe('status after 500');
  });

  test('is no longer than the call itself allows', () => {
    expect(delayOf(100, { maxBackoffMs: 30 })).toBe('status after 30');
    expect(delayOf(100, { maxBackoffMs: 300 })).toBe('status after 100');
  });
});

describe("the policy's `when`", () => {
  test('decides wherever it says something', () => {
    expect(verdict(answered(200), { rules: { ...RULES, when: () => true } })).toBe('when after 100');
    expect(verdict(answered(503), { rules: { ...RULES, when: () => false } })).toBe('when');
    expect(verdict(failed('maybe'), { rules: { ...RULES, when: () => false } })).toBe('when');
  });

  test('is not the reason where there was nothing to forbid', () => {
    expect(verdict(answered(200), { rules: { ...RULES, when: () => false } })).toBe('done');
  });

  test('leaves to the built-in rule what it has no opinion of', () => {
    expect(verdict(answered(503), { rules: { ...RULES, when: () => undefined } })).toBe('status after 100');
    expect(verdict(answered(200), { rules: { ...RULES, when: () => undefined } })).toBe('done');
  });

  test("comes after the call's own", () => {
    const rules: RetryRules = { ...RULES, when: () => true };
    expect(verdict(answered(503), { rules, own: { when: () => false } })).toBe('when');
    expect(verdict(answered(200), { rules, own: { when: () => undefined } })).toBe('when after 100');
  });

  test("is not asked of the caller's own mistake", () => {
    const when = vi.fn(() => true);
    expect(verdict(failed('never', { final: true }), { rules: { ...RULES, when } })).toBe('not-retryable');
    expect(when).not.toHaveBeenCalled();
  });

  test('that throws is not caught here', () => {
    const when = (): boolean => {
      throw new Error('broken');
    };
    expect(() => decideOn(answered(503), { rules: { ...RULES, when } })).toThrow('broken');
  });

  test('sees of an answer its status, its headers and a valid Retry-After', () => {
    const when = vi.fn(() => undefined);
    const outcome = answered(503, { 'x-queue': '7' });
    decideOn(outcome, { rules: { ...RULES, when }, hints: retryAfter(5_000) });
    expect(when).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        kind: 'answered',
        status: 503,
        error: undefined,
        timedOut: false,
        retryAfterMs: 5_000,
      }),
      CALL,
    );
    const [facts] = when.mock.calls[0] as unknown as [{ header(name: string): unknown }];
    expect([facts.header('x-queue'), facts.header('x-other')]).toEqual(['7', null]);
  });

  test('sees of a failure its error, and whether it was a timeout', () => {
    const when = vi.fn(() => undefined);
    const error = new TypeError('fetch failed');
    decideOn(failed('maybe', { error }), { rules: { ...RULES, when } });
    decideOn(TIMED_OUT, { rules: { ...RULES, when } });
    const seen = when.mock.calls as unknown as [{ header(name: string): unknown }][];
    expect(seen[0]?.[0]).toMatchObject({ kind: 'failed', status: undefined, error, timedOut: false });
    expect(seen[1]?.[0]).toMatchObject({ kind: 'failed', timedOut: true });
    expect(seen[0]?.[0].header('retry-after')).toBeUndefined();
  });
});

describe("a call's own rules", () => {
  test('win over the statuses of the policy', () => {
    expect(verdict(answered(418), { own: { statuses: [418] } })).toBe('status after 100');
    expect(verdict(answered(503), { own: { statuses: [418] } })).toBe('done');
    expect(verdict(answered(503), { own: {} })).toBe('status after 100');
  });
});

describe('an outcome is plainly done', () => {
  test.each<[boolean, string, Outcome<unknown>, RetryRules | undefined, Situation['own']]>([
    [true, 'if no rule could want it again', answered(200), RULES, undefined],
    [false, 'not if its status is listed', answered(503), RULES, undefined],
    [false, 'not if the policy wants to be asked', answered(200), { ...RULES, when: () => undefined }, undefined],
    [false, 'not if the call has rules of its own', answered(200), RULES, {}],
    [false, 'not if there was no response', failed('maybe'), RULES, undefined],
    [true, 'if nothing is tried again anyway', answered(503), undefined, {}],
  ])('%s: %s', (expected, _name, outcome, rules, own) => {
    expect(isPlainlyDone(outcome, rules, own)).toBe(expected);
  });
});

test('for any situation, a retry is within every bound, and what is plainly done is never tried again', () => {
  const outcome = fc.oneof(
    fc.constantFrom(200, 404, 429, 503).map((status) => answered(status)),
    fc.constantFrom<Failed['sent']>('never', 'maybe').map((sent) => failed(sent)),
    fc.constant(TIMED_OUT),
    fc.constant(failed('never', { final: true })),
  );
  const bound = fc.oneof(fc.constantFrom(0, Infinity), fc.nat(500));
  const hints = fc.option(
    fc.record<Hints>({
      waitMs: fc.nat(500),
      source: fc.constantFrom('retry-after', 'rate-limit'),
      scope: fc.constantFrom('host', 'call'),
    }),
    { nil: undefined },
  );
  const condition = fc.option(fc.constantFrom(true, false, undefined), { nil: null });
  const situation = fc.record({
    outcome,
    hints,
    backoffMs: fc.oneof(fc.double(), fc.nat(500)),
    call: fc.record({ attempts: fc.integer({ min: 1, max: 6 }), replayable: fc.boolean(), idempotent: fc.boolean() }),
    when: condition,
    ownWhen: condition,
    maxRetries: fc.nat(5),
    maxRetryAfterMs: bound,
    remainingMs: bound,
  });
  fc.assert(
    fc.property(situation, ({ backoffMs, call, when, ownWhen, ...given }) => {
      const rules: RetryRules = {
        ...RULES,
        backoff: { delayMs: () => backoffMs },
        when: when === null ? undefined : () => when,
      };
      const own = ownWhen === null ? undefined : { when: () => ownWhen };
      const decision = decideOn(given.outcome, { ...given, rules, own, call: { ...CALL, ...call } });
      if (isPlainlyDone(given.outcome, rules, own)) expect(decision).toEqual({ action: 'stop', reason: 'done' });
      if (decision.action === 'stop') return;
      const neverSent = given.outcome.kind === 'failed' && given.outcome.sent === 'never';
      expect(decision.delayMs).toBeGreaterThanOrEqual(0);
      expect(decision.delayMs).toBeLessThan(Infinity);
      expect(decision.delayMs).toBeLessThanOrEqual(given.remainingMs);
      expect(call.attempts).toBeLessThanOrEqual(given.maxRetries);
      expect(call.replayable || neverSent).toBe(true);
      if (given.hints !== undefined) {
        expect(given.hints.waitMs).toBeLessThanOrEqual(Math.min(given.maxRetryAfterMs, given.remainingMs));
        if (given.hints.scope === 'call') expect(decision.delayMs).toBeGreaterThanOrEqual(given.hints.waitMs);
      }
    }),
    { numRuns: 3_000 },
  );
});
