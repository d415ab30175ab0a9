import { publicUrl } from '../monitor/public-url.ts';

const BYTE = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

/** A last label that begins with a digit may be an IPv4 address in disguise. */
const NAME = '(?:[a-z0-9_-]+\\.)*[a-z_-][a-z0-9_-]*';

/**
 * URLs whose host a parser would leave as it is. Anything else is left to the parser: upper case, userinfo, escapes,
 * backslashes, white space, other scripts, brackets.
 */
const PLAIN = new RegExp(`^http(s?)://(${NAME}|${BYTE}(?:\\.${BYTE}){3})(?::([1-9][0-9]{0,4}))?(?:[/?#]|$)`);

/** Marks a label in punycode, which may be invalid. */
const PUNYCODE = 'xn--';

/**
 * The default lane key: the lower-cased host, with its port unless that is the scheme's own. A trailing dot, userinfo,
 * path and query do not count.
 *
 * @throws TypeError if `url` is not an absolute URL with a host.
 */
export function laneKeyOf(url: string): string {
  const [, secure, name, port] = PLAIN.exec(url) ?? [];
  if (name === undefined || name.includes(PUNYCODE)) return parsedKeyOf(url);
  if (port === undefined || port === (secure === 's' ? '443' : '80')) return name;
  return Number(port) > 65_535 ? parsedKeyOf(url) : `${name}:${port}`;
}

function parsedKeyOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '') {
    throw new TypeError(`expected an absolute URL with a host, got '${publicUrl(url)}'`);
  }
  const { hostname, port } = parsed;
  const name = hostname.toLowerCase().replace(/(?<=.)\.$/, '');
  return port === '' ? name : `${name}:${port}`;
}
