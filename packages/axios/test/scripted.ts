import {
  createPaceline,
  type HostPolicy,
  immediate,
  type PaceEvent,
  type Paceline,
  type PacelineOptions,
} from '@paceline/core';
import axios, { type AxiosAdapter, AxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios';
import { paceAxios } from '../src/pace-axios.ts';

/** What one run of a scripted adapter does: answer with a status, fail with an error, or hang until it is aborted. */
export type Step = number | Error | 'hang';

export interface Scripted {
  readonly adapter: AxiosAdapter;
  /** The configs of its runs. */
  readonly runs: readonly InternalAxiosRequestConfig[];
}

/** An adapter without a network: does these steps in turn, the last one for ever, and settles as axios's own do. */
export function scripted(...steps: Step[]): Scripted {
  const runs: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = async (config) => {
    runs.push(config);
    const step = steps[Math.min(runs.length, steps.length) - 1]!;
    if (step === 'hang') return untilAborted(config);
    if (typeof step !== 'number') throw step;
    const response = { status: step, statusText: '', headers: {}, data: `run ${runs.length}`, config };
    if (config.validateStatus?.(step) ?? true) return response;
    throw new AxiosError(`Request failed with status code ${step}`, 'ERR_BAD_RESPONSE', config, {}, response);
  };
  return { adapter, runs };
}

function untilAborted({ signal }: InternalAxiosRequestConfig): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener?.('abort', () => reject(new axios.CanceledError()));
  });
}

/** An engine that retries at once, at no pace and without a budget, unless told otherwise. */
export function swift(defaults: HostPolicy = {}, options: PacelineOptions = {}): Paceline {
  return createPaceline({
    ...options,
    defaults: { retry: { backoff: immediate }, pace: false, budget: false, ...defaults },
  });
}

/** A fresh instance on an engine. */
export function paced(pace: Paceline = swift(), config: Parameters<typeof axios.create>[0] = {}): AxiosInstance {
  const api = axios.create(config);
  api.interceptors.request.use(paceAxios(pace));
  return api;
}

/** Every event of an engine from now on. */
export function record(pace: Paceline): PaceEvent[] {
  const events: PaceEvent[] = [];
  pace.subscribe((event) => events.push(event));
  return events;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<any> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${String(value)}`);
    },
    (error: unknown) => error,
  );
}
