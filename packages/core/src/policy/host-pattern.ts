import { wrongType } from './refusal.ts';

/**
 * A host, with or without its port; `*` may stand for one or more leading labels, or for all. ASCII only, as URLs write
 * it: a pattern in other letters would never match.
 */
const PATTERN = /^(?:\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/i;

const EXPECTED = "a host such as 'api.example.com', 'api.example.com:8443', '*.example.com' or '*'";

/**
 * Checks a key of `hosts`.
 *
 * @throws TypeError if it is no host: it has a scheme or a path, or a `*` anywhere but in front.
 */
export function checkHostPattern(pattern: string, path: string): void {
  const match = PATTERN.exec(pattern);
  if (!match || Number(match.groups?.port ?? 0) > 65_535) throw wrongType(path, EXPECTED, pattern);
}

/** `api.example.com:8443` is `['api.example.com', ':8443']`; without a port the second is empty. */
function splitPort(host: string): readonly [name: string, port: string] {
  const at = /:\d+$/.exec(host)?.index ?? host.length;
  return [host.slice(0, at), host.slice(at)];
}

/** What patterns could match `key`, the best first: itself, any port of it, and ever shorter wildcards. */
export function* patternsFor(key: string): Generator<string> {
  const [name, port] = splitPort(key.toLowerCase());
  const tail = port === '' ? [''] : [port, ''];
  for (const end of tail) yield name + end;
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    for (const end of tail) yield `*${name.slice(dot)}${end}`;
  }
  for (const end of tail) yield `*${end}`;
}
