/** The server of a URL, as `server.address` and `server.port` tell it. */
export interface Server {
  /** Host without the brackets of an IPv6 address. */
  readonly address: string;
  /** Undefined where the URL does not tell it. */
  readonly port: number | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Scheme and authority of a URL, as they are written. */
export function originOf(url: string): string {
  const authority = url.indexOf('://') + 3;
  const end = url.indexOf('/', authority);
  return end === -1 ? url : url.slice(0, end);
}

/** Whom a URL without userinfo addresses; what is no URL is told as `fallback`. */
export function serverOf(url: string, fallback: string): Server {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '') return { address: fallback, port: undefined };
  const { hostname, port, protocol } = parsed;
  return {
    address: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? DEFAULT_PORTS[protocol] : Number(port),
  };
}
