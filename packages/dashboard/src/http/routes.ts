import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Paceline } from '@paceline/core';
import type { Feed } from '../feed/feed.ts';
import { EXPOSITION_TYPE, exposition } from '../metrics/exposition.ts';
import { metricsOf } from '../metrics/metrics.ts';
import type { Tuning } from '../tuning/tuning.ts';
import { type Asset, loadAssets, sendAsset } from './assets.ts';
import { jsonBody } from './json-body.ts';
import { Refusal } from './refusal.ts';
import { sendJson, sendText } from './respond.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** What answers at a path. */
export interface Route {
  readonly methods: readonly string[];
  /** Whether it tells or does something, and so needs the token. The page's own files are no secret. */
  readonly isOpen: boolean;
  readonly handle: Handler;
}

interface RouteParts {
  readonly pace: Paceline;
  readonly feed: Feed;
  /** Undefined where nothing may be changed. */
  readonly tuning: Tuning | undefined;
}

const READ = ['GET', 'HEAD'];

/** All paths there are. */
export function routesOf({ pace, feed, tuning }: RouteParts): ReadonlyMap<string, Route> {
  const reading = (handle: Handler, methods = READ): Route => ({ methods, isOpen: false, handle });
  const changing = (change: (tuning: Tuning, body: Readonly<Record<string, unknown>>) => void): Route => ({
    methods: ['POST'],
    isOpen: false,
    async handle(request, response) {
      if (tuning === undefined) throw new Refusal(403, 'tuning is off: serveDashboard(pace, { tune: true })');
      change(tuning, await jsonBody(request));
      feed.sampleNow();
      sendJson(response, { done: true });
    },
  });
  return new Map<string, Route>([
    ...Array.from(loadAssets(), ([path, asset]) => [path === '/index.html' ? '/' : path, assetRoute(asset)] as const),
    ['/events', reading((_, response) => feed.watch(response), ['GET'])],
    ['/snapshot.json', reading((_, response) => sendJson(response, pace.snapshot()))],
    ['/metrics', reading((_, response) => sendText(response, EXPOSITION_TYPE, exposition(metricsOf(pace.snapshot()))))],
    ['/tune', changing((it, body) => it.tune(body))],
    ['/hold', changing((it, body) => it.hold(body))],
    ['/release', changing((it, body) => it.release(body))],
    ['/undo', changing((it, body) => it.undo(body))],
  ]);
}

function assetRoute(asset: Asset): Route {
  return { methods: READ, isOpen: true, handle: (request, response) => sendAsset(request, response, asset) };
}
