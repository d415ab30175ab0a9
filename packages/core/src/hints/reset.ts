const DECIMAL = /^\d+(?:\.\d+)?$/;

/** Seconds from here on (1e9: September 2001) are a point in time; as a wait they would be 31 years. */
const EPOCH_SECONDS = 1e9;
/** Numbers from here on (1e12: September 2001, too) are milliseconds; as seconds they would be the year 33658. */
const EPOCH_MILLISECONDS = 1e12;

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};
const UNIT = Object.keys(UNIT_MS)
  .sort((a, b) => b.length - a.length)
  .join('|');
const DURATION = new RegExp(String.raw`^(?:\d+(?:\.\d+)?(?:${UNIT}))+$`);
const DURATION_PART = new RegExp(String.raw`(\d+(?:\.\d+)?)(${UNIT})`, 'g');

/**
 * Milliseconds until the reset that a rate limit field names: seconds from now (`30`), a point in time in seconds or
 * milliseconds since the epoch, or a duration as Go writes it (`1m30s`, `20ms`). Undefined for a reset that is not ahead,
 * and for anything else. `now` is read only for a point in time.
 */
export function resetMs(value: string, now: () => number): number | undefined {
  const text = value.trim();
  const ms = DECIMAL.test(text) ? numberMs(Number(text), now) : durationMs(text);
  return ms > 0 ? Math.min(ms, Number.MAX_SAFE_INTEGER) : undefined;
}

function numberMs(reset: number, now: () => number): number {
  if (reset >= EPOCH_MILLISECONDS) return reset - now();
  if (reset >= EPOCH_SECONDS) return reset * 1000 - now();
  return reset * 1000;
}

/** NaN for what is no duration. */
function durationMs(text: string): number {
  if (!DURATION.test(text)) return Number.NaN;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(DURATION_PART)) ms += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return ms;
}
