import type { QuotaDialect } from '../scenario/options.ts';
import type { QuotaRules, QuotaView } from './quota.ts';

type Fields = readonly (readonly [name: string, value: string])[];

interface Facts {
  readonly rules: QuotaRules;
  readonly view: QuotaView;
  readonly wallNow: number;
}

/** What the quota tells the client of one request, in all of its dialects. Retry-After is for refusals alone. */
export function quotaHeaders(facts: Facts): Fields {
  return facts.rules.dialects.flatMap((dialect) => DIALECTS[dialect](facts));
}

const DIALECTS: Readonly<Record<QuotaDialect, (facts: Facts) => Fields>> = {
  none: () => [],
  'retry-after': ({ view }) => (view.admitted ? [] : [['Retry-After', `${seconds(view.resetMs)}`]]),
  'retry-after-date': ({ view, wallNow }) =>
    view.admitted ? [] : [['Retry-After', new Date(seconds(wallNow + view.resetMs) * 1000).toUTCString()]],
  ratelimit: ({ rules, view }) => [
    ['RateLimit-Policy', `"default";q=${rules.limit};w=${seconds(rules.perMs)}`],
    ['RateLimit', `"default";r=${view.remaining};t=${seconds(view.resetMs)}`],
  ],
  'ratelimit-fields': ({ rules, view }) => fields('RateLimit', rules, view, seconds(view.resetMs)),
  'x-ratelimit': ({ rules, view }) => fields('X-RateLimit', rules, view, seconds(view.resetMs)),
  'x-ratelimit-epoch': ({ rules, view, wallNow }) =>
    fields('X-RateLimit', rules, view, seconds(wallNow + view.resetMs)),
  'x-ratelimit-epoch-ms': ({ rules, view, wallNow }) =>
    fields('X-RateLimit', rules, view, Math.ceil(wallNow + view.resetMs)),
};

function fields(prefix: string, rules: QuotaRules, view: QuotaView, reset: number): Fields {
  return [
    [`${prefix}-Limit`, `${rules.limit}`],
    [`${prefix}-Remaining`, `${view.remaining}`],
    [`${prefix}-Reset`, `${reset}`],
  ];
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
