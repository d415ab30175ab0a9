import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Paceline } from '@paceline/core';
import { Feed } from './feed/feed.ts';
import { isLoopback, refuseForeign, tokenCheck } from './http/guard.ts';
import { Refusal } from './http/refusal.ts';
import { sendRefusal, setSafeHeaders } from './http/respond.ts';
import { type Route, routesOf } from './http/routes.ts';
import { ChangeLog } from './tuning/change-log.ts';
import { Tuning } from './tuning/tuning.ts';

/** Where the dashboard is served, and to whom. */
export interface DashboardOptions {
  /** @default a free one */
  readonly port?: number;
  /** Address to listen at. Any other than a loopback address needs a `token`. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * What whoever watches has to know: at least 16 characters, none of them a space. Browsers open `url#token=…`, programs
   * send `Authorization: Bearer …`. @default none is needed
   */
  readonly token?: string;
  /** Whether policies may be changed, and hosts held and released. @default false */
  readonly tune?: boolean;
  /** Names, besides `host` and `localhost`, under which browsers may reach it. IP addresses always may. @default none */
  readonly allowedHosts?: readonly string[];
}

/** A dashboard that is being served. */
export interface Dashboard {
  /** Where it is, without the token. */
  readonly url: string;
  /** Ends it for everybody who watches. */
  close(): Promise<void>;
}

/** Longest that a request's headers, or all of it, may take to come. */
const REQUEST_MS = 5_000;

/** More than this many connections are closed as they come. */
const MOST_CONNECTIONS = 256;

/**
 * Serves a live page of an engine, and beside it `snapshot.json` and `metrics` in the text format of Prometheus. The
 * engine is sampled and listened to only while somebody watches. The server keeps no process alive.
 *
 * @throws TypeError, RangeError for a wrong option, and whatever listening fails with (`EADDRINUSE`).
 *
 * @example
 * ```ts
 * import { createPaceline } from '@paceline/core';
 * import { serveDashboard } from '@paceline/dashboard';
 *
 * const pace = createPaceline();
 * const dashboard = await serveDashboard(pace, { port: 7700, tune: true });
 * console.log(`Watch it at ${dashboard.url}`);
 * ```
 */
export async function serveDashboard(pace: Paceline, options: DashboardOptions = {}): Promise<Dashboard> {
  checkOptions(options);
  const { port = 0, host = '127.0.0.1', tune = false, token, allowedHosts = [] } = options;
  const changes = new ChangeLog();
  const feed = new Feed(pace, changes, tune);
  const routes = routesOf({ pace, feed, tuning: tune ? new Tuning(pace, changes) : undefined });
  const names = new Set(['localhost', host, ...allowedHosts].map((name) => name.toLowerCase()));
  const server = serverOf(listener(routes, names, tokenCheck(token)));
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: urlOf(server.address() as AddressInfo),
    async close() {
      feed.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function checkOptions({ host = '127.0.0.1', token, tune }: DashboardOptions): void {
  if (tune !== undefined && typeof tune !== 'boolean') throw new TypeError('tune: expected true or false');
  if (token === undefined) {
    if (!isLoopback(host)) throw new TypeError(`token: needed to listen at ${host}, which others can reach`);
  } else if (!(typeof token === 'string' && /^[\x21-\x7e]{16,}$/.test(token))) {
    throw new RangeError('token: expected at least 16 printable ASCII characters, none of them a space');
  }
}

function serverOf(listen: RequestListener): Server {
  const times = { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS, connectionsCheckingInterval: 1_000 };
  const server = createServer(times, listen);
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => socket.unref());
  return server.unref();
}

function listener(
  routes: ReadonlyMap<string, Route>,
  names: ReadonlySet<string>,
  checkToken: (request: IncomingMessage) => void,
): RequestListener {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setSafeHeaders(response);
    refuseForeign(request, names);
    const path = (request.url ?? '').replace(/\?.*/s, '');
    const route = routes.get(path);
    if (route === undefined) throw new Refusal(404, 'there is nothing here');
    if (!route.isOpen) checkToken(request);
    if (!route.methods.includes(request.method ?? '')) {
      const allow = route.methods.join(', ');
      throw new Refusal(405, `expected ${allow}`, { allow });
    }
    await route.handle(request, response);
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) => sendRefusal(response, error));
  };
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}
