import type { Paceline, PaceOptions } from '@paceline/core';
import axios, {
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { expectTypeOf } from 'vitest';
import { paceAxios } from './index.ts';

declare const pace: Paceline;

const api: AxiosInstance = axios.create({ pace: { maxRetries: 1 } });
api.interceptors.request.use(paceAxios(pace));
api.interceptors.request.use(paceAxios(), null, { synchronous: true });

void api.get('/x', { pace: { totalMs: 2_000, priority: 1, idempotent: true } });
void api.post<number>('/x', {}, { pace: { key: 'tenant' } });
void api.request({ url: '/x', pace: undefined });
void axios('/x', { pace: {} });
api.defaults.pace = { cost: 2 };
api.interceptors.request.use((config) => ({ ...config, pace: { ...config.pace, priority: 2 } }));

declare const cached: AxiosResponse<string>;
void api.get('/x', {
  pace: { fallback: ({ status, reason }) => (status === 503 ? cached : undefined) ?? (reason && cached) },
});
// @ts-expect-error no response of axios
void api.get('/x', { pace: { fallback: () => new Response('cached') } });
// @ts-expect-error no such option
void api.get('/x', { pace: { maxRetrys: 1 } });
// @ts-expect-error a number of milliseconds
void api.get('/x', { pace: { totalMs: '2s' } });
// @ts-expect-error an engine
paceAxios({});

expectTypeOf<AxiosRequestConfig['pace']>().toEqualTypeOf<PaceOptions<AxiosResponse> | undefined>();
expectTypeOf(paceAxios).returns.toEqualTypeOf<(config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig>();
