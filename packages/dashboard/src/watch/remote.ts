import type { Snapshot } from '@paceline/core';

/** What came of asking a dashboard: a snapshot, or why there is none now. */
export type Answer = { readonly snapshot: Snapshot } | { readonly trouble: string };

/** Longest wait for an answer, in milliseconds. */
const MOST_MS = 5_000;

/** A dashboard somewhere. */
export interface Remote {
  /** Its URL, without the token. */
  readonly url: string;
  /**
   * Asks for a snapshot.
   *
   * @throws Error if asking again would not help: a wrong token, or something that is no dashboard.
   */
  ask(signal: AbortSignal): Promise<Answer>;
}

/**
 * The dashboard at a URL, which may be the page's own, with the token after `#token=`.
 *
 * @throws TypeError for what is no URL of HTTP.
 */
export function remoteAt(text: string, token?: string): Remote {
  const page = URL.parse(text);
  if (page === null || !/^https?:$/.test(page.protocol)) {
    throw new TypeError(`expected a URL such as http://127.0.0.1:7700/, got '${text}'`);
  }
  const url = new URL('./snapshot.json', page).href;
  const secret = token ?? /^#token=(.+)$/.exec(page.hash)?.[1];
  const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  return { url: new URL('.', url).href, ask: (signal) => snapshotOf(url, headers, signal) };
}

async function snapshotOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]) });
    text = await response.text();
  } catch (error) {
    return { trouble: `no answer (${nameOf(error)}), trying again` };
  }
  if (response.status >= 500) return { trouble: `answered ${response.status}, trying again` };
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${saidIn(text)}`);
  return { snapshot: snapshotIn(text) ?? notADashboard(url) };
}

/** What fetch failed with says less than its cause. */
function nameOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: unknown };
  return String(cause?.code ?? name);
}

/** The dashboard says why in JSON; others may say anything. */
function saidIn(text: string): string {
  try {
    return String((JSON.parse(text) as { readonly error?: unknown }).error ?? 'no reason given');
  } catch {
    return 'this is no dashboard of Paceline';
  }
}

function snapshotIn(text: string): Snapshot | undefined {
  try {
    const snapshot = JSON.parse(text) as Partial<Snapshot> | null;
    return typeof snapshot?.at === 'number' && Array.isArray(snapshot.lanes) ? (snapshot as Snapshot) : undefined;
  } catch {
    return undefined;
  }
}

function notADashboard(url: string): never {
  throw new Error(`${url} is no snapshot of Paceline's`);
}
