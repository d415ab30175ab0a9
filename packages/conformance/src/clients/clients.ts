import type { Client } from '../client.ts';
import { axiosOverFetch, axiosOverHttp, axiosStreaming } from './axios.ts';
import { fetchClient } from './fetch.ts';
import { kyClient } from './ky.ts';

/** Every client that Paceline has an adapter for. */
export const CLIENTS: readonly Client[] = [fetchClient, axiosOverHttp, axiosOverFetch, axiosStreaming, kyClient];
