const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTHS: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`;

/** The three grammars of RFC 9110 §5.6.7. Their shape is strict; whether the day's name fits the date is not asked. */
const GRAMMARS: readonly RegExp[] = [
  String.raw`${DAY}, (?<day>\d{2}) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
  String.raw`${LONG_DAY}, (?<day>\d{2})-${MONTH}-(?<year>\d{2}) ${TIME} GMT`,
  String.raw`${DAY} ${MONTH} (?<day>\d{2}| \d) ${TIME} (?<year>\d{4})`,
].map((grammar) => new RegExp(`^${grammar}$`));

/** An HTTP date begins with one of these and, in two of its grammars, goes on after a comma. */
export const DAY_NAME: RegExp = new RegExp(`^(?:${DAY}|${LONG_DAY})$`);

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * Milliseconds since the epoch of an HTTP date (RFC 9110 §5.6.7), in any of its three grammars; undefined for anything
 * else. `Date.parse` is no help here: it takes `120` for the year 120 and `-1` for the year 2001.
 *
 * `now`, in the same unit, is what two-digit years are read against.
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  for (const grammar of GRAMMARS) {
    const groups = grammar.exec(text)?.groups;
    if (groups) return groups.year?.length === 2 ? latestPlausible(groups, now) : timeOf(groups, Number(groups.year));
  }
  return undefined;
}

/** More than 50 years ahead means the century before: the latest reading that is not further ahead than that. */
function latestPlausible(groups: Groups, now: number): number | undefined {
  const today = new Date(now);
  const thisYear = today.getUTCFullYear();
  const latest = today.setUTCFullYear(thisYear + 50);
  for (const years of [100, 0, -100]) {
    const time = timeOf(groups, thisYear - (thisYear % 100) + years + Number(groups.year));
    if (time !== undefined && time <= latest) return time;
  }
  return undefined;
}

function timeOf({ month, day, hour, minute, second }: Groups, year: number): number | undefined {
  // A leap second is written :60 and lands on the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, MONTHS.indexOf(month ?? ''), Number(day));
  // The 30th of February rolls over into March.
  if (date.getUTCDate() !== Number(day)) return undefined;
  return date.setUTCHours(Number(hour), Number(minute), Number(second));
}
