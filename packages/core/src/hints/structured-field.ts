/** One member of a structured List; `value` is set where the field is a Dictionary (`name=value`). */
export interface Member {
  readonly name: BareItem;
  readonly value: BareItem | undefined;
  readonly parameters: ReadonlyMap<string, BareItem>;
}

/** Strings and Tokens are not told apart; what is neither they nor a number stays as it was written. */
export type BareItem = string | number | true;

const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,3})?`;
const BARE = [
  String.raw`"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"`,
  NUMBER,
  "[A-Za-z*][\\w!#$%&'*+.^|~:/`-]*",
  ':[A-Za-z0-9+/=]*:',
  String.raw`\?[01]`,
  String.raw`@-?\d{1,15}`,
].join('|');
const PARAMETER = `; *(?:[a-z*][a-z0-9_.*-]*)(?:=(?:${BARE}))?`;

const MEMBER = new RegExp(String.raw`(?:^|(?!^)[ \t]*,[ \t]*)(${BARE})(?:=(${BARE}))?((?:${PARAMETER})*)`, 'gy');
const PARAMETERS = new RegExp(`; *([a-z*][a-z0-9_.*-]*)(?:=(${BARE}))?`, 'g');
const WHOLE_NUMBER = new RegExp(`^${NUMBER}$`);

/**
 * Reads a List of Items or a Dictionary (RFC 9651 §3.1, §3.2) without inner lists; undefined if any part of it is
 * malformed, for then all of it has to be ignored.
 */
export function parseMembers(field: string): Member[] | undefined {
  const text = field.trim();
  const members: Member[] = [];
  let end = 0;
  for (const match of text.matchAll(MEMBER)) {
    const [all, name, value, parameters] = match;
    members.push({ name: bareItem(name), value: value && bareItem(value), parameters: parametersOf(parameters) });
    end = match.index + all.length;
  }
  return end === text.length ? members : undefined;
}

function parametersOf(text: string | undefined): ReadonlyMap<string, BareItem> {
  const found = new Map<string, BareItem>();
  for (const [, key, value] of (text ?? '').matchAll(PARAMETERS)) if (key) found.set(key, bareItem(value));
  return found;
}

function bareItem(text: string | undefined): BareItem {
  if (text === undefined) return true;
  if (text.startsWith('"')) return text.slice(1, -1).replace(/\\(.)/g, '$1');
  return WHOLE_NUMBER.test(text) ? Number(text) : text;
}
