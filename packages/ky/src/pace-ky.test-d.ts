import { createPaceline } from '@paceline/core';
import ky, { type InitHook, type Options } from 'ky';
import { paceKy } from './index.ts';

export const hook: InitHook = paceKy(createPaceline());
export const api: typeof ky = ky.extend({ hooks: { init: [paceKy()] } });

export const accepted: Options[] = [
  { context: { pace: { priority: 1, cost: 3, maxRetries: 5 } } },
  { context: { pace: { fallback: () => new Response('cached') } } },
  { context: { pace: { idempotent: true }, token: 'whatever users put there' } },
];
export const refused: Options[] = [
  // @ts-expect-error: no Response
  { context: { pace: { fallback: () => 'cached' } } },
  // @ts-expect-error: a number
  { context: { pace: { priority: 'high' } } },
  // @ts-expect-error: no such option
  { context: { pace: { retries: 5 } } },
];
