import {
  type Attachment,
  attach,
  attachmentOf,
  type Paceline,
  type PaceOptions,
  sharedPaceline,
  warnOnce,
} from '@paceline/core';
import { type Fetch, sendPaced, unpaced } from '@paceline/fetch';
import type { InitHook, Options, RetryOptions } from 'ky';
import { callRetryOf } from './call-retry.ts';
import { asKyError, kyErrorOf } from './ky-error.ts';
import { captureJson, resendableBody, resending } from './resend.ts';

declare module 'ky' {
  interface Options {
    /** The user's own data, and how the call is paced; unset fields of `pace` follow the host's policy. */
    context?: Record<string, unknown> & { pace?: PaceOptions<Response> };
  }
}

/** ky's own default of `timeout`, in milliseconds. */
const KY_TIMEOUT_MS = 10_000;

/** Set apart from a paced fetch that the user hands to ky: with that one, ky's options are still to be translated. */
interface KyAttachment extends Attachment<Fetch> {
  readonly client: 'ky';
}

/**
 * Makes an `init` hook that sends every attempt of ky through `pace`: in line for its host, at the host's pace, retried
 * within the host's budget.
 *
 * ky's `timeout` becomes the time of one attempt, waits excluded; `totalTimeout` stays ky's own. Its `retry` options are
 * asked of the engine, and ky's own automatic retry is off; `ky.retry()` works as before. Hooks run once a call, so
 * `beforeRetry` hooks see the retries of `ky.retry()` only.
 *
 * @param pace the engine. Default: the one shared by the process.
 * @throws PacelineError (as a rejection) where Paceline refused the call or ran out of time; TypeError or RangeError for
 * wrong `context.pace` options. An attempt that took too long rejects with ky's own TimeoutError.
 *
 * @example
 * ```ts
 * import { createPaceline, perSecond } from '@paceline/core';
 * import { paceKy } from '@paceline/ky';
 * import ky from 'ky';
 *
 * const pace = createPaceline({ hosts: { 'api.example.com': { rate: perSecond(10) } } });
 * const api = ky.extend({ hooks: { init: [paceKy(pace)] } });
 * const items = await api.get('https://api.example.com/items', { context: { pace: { priority: 1 } } }).json();
 * ```
 */
export function paceKy(pace: Paceline = sharedPaceline()): InitHook {
  return (options) => {
    const given = options.fetch ?? globalThis.fetch;
    const plain = unpaced(pace, given);
    if (isInstalledOn(given)) return;
    const retry: RetryOptions = typeof options.retry === 'number' ? { limit: options.retry } : { ...options.retry };
    const mark: KyAttachment = { pace, inner: plain, client: 'ky' };
    options.fetch = attach(pacedFetch(pace, plain, options, retry), mark);
    options.retry = forcedOnly(retry, options);
    options.timeout = false;
  };
}

function isInstalledOn(fetch: Fetch): boolean {
  const attachment = attachmentOf(fetch);
  return attachment !== undefined && 'client' in attachment;
}

/** What ky calls once for each of its own attempts: the first, and those of `ky.retry()`. */
function pacedFetch(pace: Paceline, plain: Fetch, options: Options, retry: RetryOptions): Fetch {
  const attemptMs = options.timeout === false ? Infinity : options.timeout;
  const jsonOf = captureJson(options);
  return async (input, init) => {
    const request = input as Request;
    const body = resendableBody(options, jsonOf());
    const wire = body === undefined ? plain : resending(plain, body);
    let last: Response | undefined;
    const fetch: Fetch = async (...args) => {
      last = await wire(...args);
      return last;
    };
    try {
      return await sendPaced(pace, fetch, input, init, {
        options: paceOptionsOf(attemptMs, options),
        defaultAttemptMs: KY_TIMEOUT_MS,
        retry: callRetryOf(retry, (outcome) => kyErrorOf(outcome, request, last, options)),
        resends: body !== undefined,
      });
    } catch (error) {
      throw asKyError(error, request);
    }
  };
}

/** `context.pace` wins over ky's `timeout`, being the more particular of the two. */
function paceOptionsOf(attemptMs: number | undefined, { context }: Options): PaceOptions<Response> | undefined {
  if (attemptMs === undefined) return context?.pace;
  return { attemptMs, ...context?.pace };
}

/**
 * Leaves ky the retries that the user forces by `ky.retry()`, and no other. Without an `afterResponse` hook there are
 * none, and ky need not copy each Request for them.
 */
function forcedOnly(retry: RetryOptions, { hooks }: Options): RetryOptions {
  if (retry.delay || retry.jitter || hooks?.beforeRetry?.length) {
    warnOnce('ky: retry.delay, retry.jitter and beforeRetry hooks are for the retries of ky.retry() only.');
  }
  const forced = { ...retry, shouldRetry: () => false };
  return hooks?.afterResponse?.length ? forced : { ...forced, limit: 0 };
}
