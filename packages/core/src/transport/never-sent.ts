/** What an error of Node or undici may tell of the system call that failed. */
interface Details {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
  readonly cause?: unknown;
  /** One for each address that was tried. */
  readonly errors?: readonly unknown[];
}

/** Failures to find the host, or to reach it. */
const UNREACHED = /REFUSED|NOTFOUND|EAI_AGAIN|UNREACH|CONNECT_TIMEOUT/;

/**
 * Whether an error proves that no byte of the request was processed: the host was not found, or no connection came about.
 * For adapters. Browsers give no such proof.
 *
 * @param url where the request went, if it may have been redirected: an error at another host or port then comes after
 * the first host has processed it.
 */
export function wasNeverSent(error: unknown, url?: string): boolean {
  const { cause, errors, code, syscall } = detailsOf(error);
  if (errors?.length) return errors.every((each) => wasNeverSent(each, url));
  if (hasDetails(cause)) return wasNeverSent(cause, url);
  // An established connection can become unreachable, too.
  const isUnconnected =
    syscall === 'connect' || (UNREACHED.test(String(code)) && !/^(read|write)/.test(String(syscall)));
  return isUnconnected && (url === undefined || isAt(new URL(url), detailsOf(error)));
}

function hasDetails(error: unknown): boolean {
  const { code, errors } = detailsOf(error);
  return code !== undefined || errors !== undefined;
}

function isAt(asked: URL, { hostname, port }: Details): boolean {
  const askedPort = asked.port || (asked.protocol === 'https:' ? '443' : '80');
  return String(port ?? askedPort) === askedPort && (hostname ?? asked.hostname) === asked.hostname;
}

function detailsOf(value: unknown): Details {
  return typeof value === 'object' && value !== null ? value : {};
}
