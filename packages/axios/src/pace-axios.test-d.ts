import type { Paceline, PaceOptions } from '@paceline/core';
import axios, { type AxiosInstance, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
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

// @ts-expect-error no such option
void api.get('/x', { pace: { maxRetrys: 1 } });
// @ts-expect-error a number of milliseconds
void api.get('/x', { pace: { totalMs: '2s' } });
// @ts-expect-error an engine
paceAxios({});

expectTypeOf<AxiosRequestConfig['pace']>().toEqualTypeOf<PaceOptions | undefined>();
expectTypeOf(paceAxios).returns.toEqualTypeOf<(config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig>();
