import { resetMs } from './reset.ts';
import { type Headed, serverNow, type WallClock } from './server-now.ts';
import { type BareItem, type Member, parseMembers } from './structured-field.ts';

/** A quota's name and its reset's. A plain answer pays for one look-up of each quota. */
type Pair = readonly [remaining: string, reset: string];

const PAIRS: readonly Pair[] = [
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['x-rate-limit-remaining', 'x-rate-limit-reset'],
];
const REQUESTS: Pair = ['x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'];
const TOKENS: Pair = ['x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'];

const INTEGER_OR_DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** A field without this has something left, whatever else it says; most say so, and parsing them is twenty times dearer. */
const MAYBE_USED_UP = /=[-0]/;

/**
 * For how many milliseconds the server says that nothing is left: a remaining quota of 0 with a reset that lies ahead,
 * the longest if several are used up. Undefined where something is left or the fields do not say.
 *
 * Reads the structured `RateLimit` field (draft-ietf-httpapi-ratelimit-headers-11), its older dictionary form, and the
 * `RateLimit-*`, `X-RateLimit-*` and `X-Rate-Limit-*` pairs, OpenAI's `-requests` and `-tokens` among them.
 * `clock` is read only for a reset that is a point in time.
 */
export function exhaustedForMs(answer: Headed, clock: WallClock): number | undefined {
  let longest = structuredMs(answer, clock);
  for (const pair of PAIRS) longest = longer(longest, pairMs(pair, answer.header(pair[0]), answer, clock));
  const requests = answer.header(REQUESTS[0]);
  // Whoever counts tokens counts requests, too, and says so beside it.
  if (!requests) return longest;
  longest = longer(longest, pairMs(REQUESTS, requests, answer, clock));
  return longer(longest, pairMs(TOKENS, answer.header(TOKENS[0]), answer, clock));
}

/** Repeated fields come joined by commas: the n-th quota goes with the n-th reset, or with the only one. */
function pairMs(
  pair: Pair,
  remaining: string | null | undefined,
  answer: Headed,
  clock: WallClock,
): number | undefined {
  if (!remaining) return undefined;
  const quotas = remaining.split(',').map((text) => text.trim());
  if (!quotas.some(isUsedUp)) return undefined;
  const resets = (answer.header(pair[1]) ?? '').split(',');
  if (resets.length !== 1 && resets.length !== quotas.length) return undefined;
  const now = (): number => serverNow(answer, clock);
  let longest: number | undefined;
  for (const [index, quota] of quotas.entries()) {
    if (isUsedUp(quota)) longest = longer(longest, resetMs(resets[index] ?? resets[0] ?? '', now));
  }
  return longest;
}

function structuredMs(answer: Headed, clock: WallClock): number | undefined {
  const field = answer.header('ratelimit');
  if (!field || !MAYBE_USED_UP.test(field)) return undefined;
  const members = parseMembers(field) ?? [];
  const now = (): number => serverNow(answer, clock);
  let longest: number | undefined;
  for (const { name, value, parameters } of members) {
    // The editors' copy after draft 11 says `a` for `r` and `w` for `t`.
    const remaining = parameters.get('r') ?? parameters.get('a');
    if (value !== undefined || !isUsedUp(remaining)) continue;
    const reset = parameters.get('t') ?? parameters.get('w') ?? windowOf(answer, name);
    longest = longer(longest, resetMs(String(reset), now));
  }
  if (!isUsedUp(entry(members, 'remaining'))) return longest;
  return longer(longest, resetMs(String(entry(members, 'reset')), now));
}

/** A quota that does not say when it is whole again is so after its policy's window at the latest. */
function windowOf(answer: Headed, name: BareItem): BareItem | undefined {
  const policies = parseMembers(answer.header('ratelimit-policy') ?? '') ?? [];
  return policies.find((policy) => policy.name === name)?.parameters.get('w');
}

/** The dictionary of drafts up to 07: `limit=100, remaining=0, reset=30`. */
function entry(members: readonly Member[], name: string): BareItem | undefined {
  return members.find((member) => member.name === name)?.value;
}

function isUsedUp(remaining: BareItem | undefined): boolean {
  return INTEGER_OR_DECIMAL.test(String(remaining)) && Number(remaining) <= 0;
}

function longer(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
