import { DAY_NAME, parseHttpDate } from './http-date.ts';

const DECIMAL = /^\d+(?:\.\d+)?$/;

/**
 * The wait that a Retry-After field asks for (RFC 9110 §10.2.3: seconds or an HTTP date), in milliseconds. A date in the
 * past is 0; undefined means that the field says nothing: absent, blank, negative or garbled. Fractions of a second are
 * taken. Of repeated values (`120, 60`) the longest valid one counts, for it is never too early.
 *
 * `now` is read only for a date: milliseconds since the epoch, by the clock that the date was written by if possible.
 */
export function retryAfterMs(value: string | null | undefined, now: () => number): number | undefined {
  if (!value) return undefined;
  let longest: number | undefined;
  for (const element of elements(value)) {
    const ms = DECIMAL.test(element) ? Number(element) * 1000 : untilDate(element, now());
    if (ms !== undefined && !(ms <= (longest ?? -1))) longest = ms;
  }
  return longest === undefined ? undefined : Math.min(longest, Number.MAX_SAFE_INTEGER);
}

/** The wait that a `retry-after-ms` field asks for (Azure, OpenAI): finer than Retry-After, and always a plain number. */
export function retryAfterMsField(value: string | null | undefined): number | undefined {
  const text = value?.trim() ?? '';
  return DECIMAL.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : undefined;
}

function untilDate(text: string, now: number): number | undefined {
  const date = parseHttpDate(text, now);
  return date === undefined || !Number.isFinite(now) ? undefined : Math.max(0, date - now);
}

/** Splits at commas, except at the one inside a date. */
function elements(value: string): string[] {
  const found: string[] = [];
  let dayName = '';
  for (const piece of value.split(',')) {
    const text = piece.trim();
    if (DAY_NAME.test(text)) {
      dayName = `${text}, `;
      continue;
    }
    found.push(dayName + text);
    dayName = '';
  }
  return found;
}
