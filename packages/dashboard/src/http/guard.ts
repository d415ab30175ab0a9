import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Refusal } from './refusal.ts';

/** Addresses that only programs of the same machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Refuses what a foreign page may have sent through the user's browser.
 *
 * - By name only known hosts are served: a page whose own name suddenly resolves to this machine (DNS rebinding) is of the
 *   same origin as far as the browser knows, and the name is all that gives it away. An IP address cannot be rebound.
 * - An `Origin`, where there is one, has to be this server's own.
 * - A browser says so if another site asks (`Sec-Fetch-Site`); following a link to the page is fine.
 */
export function refuseForeign(request: IncomingMessage, names: ReadonlySet<string>): void {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  const name = hostnameOf(`http://${host}`);
  if (name === undefined) throw new Refusal(400, 'the Host header is missing or wrong');
  if (isIP(name) === 0 && !names.has(name)) {
    throw new Refusal(403, `not served under the name '${name}': see allowedHosts`);
  }
  if (origin !== undefined && !isOwnOrigin(origin, host.toLowerCase()))
    throw new Refusal(403, 'another origin may not ask');
  if (site === 'cross-site' && mode !== 'navigate') throw new Refusal(403, 'another site may not ask');
}

/** The scheme does not count: a proxy in front may speak TLS. */
function isOwnOrigin(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

function hostnameOf(url: string): string | undefined {
  return URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') || undefined;
}

/** A check for requests that have to know the token. */
export function tokenCheck(token: string | undefined): (request: IncomingMessage) => void {
  if (token === undefined) return () => {};
  const expected = digest(token);
  return ({ headers: { authorization = '' } }) => {
    const given = /^Bearer (.+)$/i.exec(authorization)?.[1];
    // Of digests, so that neither the time nor the length says how far a guess was right.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    const why = given === undefined ? 'a token is needed: Authorization: Bearer …' : 'wrong token';
    throw new Refusal(401, why, { 'www-authenticate': 'Bearer' });
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
