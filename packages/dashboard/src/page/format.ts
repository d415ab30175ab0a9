const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

/** What stands for "there is none". */
export const NONE = '–';

/** A count: whole, with thousands apart. */
export function formatCount(value: number | null): string {
  return value === null ? NONE : whole.format(value);
}

/** A number that may be small: with as many digits as tell something. */
export function formatNumber(value: number | null): string {
  if (value === null) return NONE;
  if (value >= 100) return whole.format(value);
  return value >= 1 ? oneDigit.format(value) : twoDigits.format(value);
}

/** Milliseconds in the unit that fits. */
export function formatMs(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms === 0) return '0';
  if (ms < 1) return `${twoDigits.format(ms)} ms`;
  if (ms < 1_000) return `${whole.format(ms)} ms`;
  return ms < 60_000 ? `${oneDigit.format(ms / 1_000)} s` : `${oneDigit.format(ms / 60_000)} min`;
}

/** What is left of a hold: tenths of a second, so that one sees it run down. */
export function formatCountdown(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
