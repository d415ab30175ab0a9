/** Where the token is kept while this tab lives. */
const KEY = 'paceline-token';

/**
 * The token of whoever watches: from the address's fragment, which browsers send to nobody, and which is taken away from
 * the address, so that it stays in no history and no screenshot.
 */
export function readToken(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function authorization(): Readonly<Record<string, string>> {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/**
 * Asks the server to change something.
 *
 * @throws Error with the server's own words, if it does not.
 */
export async function change(path: string, body: unknown): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization() },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await reasonOf(response));
}

/** Why the server refused. */
export async function reasonOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { readonly error: string }).error;
  } catch {
    return `the server answered ${response.status}`;
  }
}
