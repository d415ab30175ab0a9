import type { HostPolicy, Rate } from '@paceline/core';
import type { RateSetting, Settings } from '../wire/views.ts';

/** What can be tuned of a policy that is in force. */
export function settingsOf({ rate = [], burst, concurrency, retry, budget }: HostPolicy): Settings {
  const rates = isSingle(rate) ? [rate] : rate;
  return {
    rate: rates.filter(({ limit }) => Number.isFinite(limit)).map((one) => rateSetting(one, burst)),
    concurrency: finite(concurrency),
    retry: retry !== false && { maxRetries: finite(retry?.maxRetries) },
    budget: budget !== false && { ratio: budget?.ratio ?? 0, minPerSecond: budget?.minPerSecond ?? 0 },
  };
}

/** What differs between two settings, in words. */
export function describeChange(before: Settings, after: Settings): readonly string[] {
  const old = new Map(describe(before));
  const lines = describe(after).flatMap(([name, value]) => {
    const was = old.get(name);
    old.delete(name);
    return value === was ? [] : [`${name} ${was ?? 'none'} → ${value}`];
  });
  return [...lines, ...Array.from(old, ([name, was]) => `${name} ${was} → none`)];
}

function describe({ rate, concurrency, retry, budget }: Settings): readonly (readonly [name: string, value: string])[] {
  return [
    ...rate.flatMap((one, index) => describeRate(one, index === 0 ? '' : ` ${index + 1}`)),
    ['concurrency', text(concurrency)],
    ['retries', retry ? text(retry.maxRetries) : 'off'],
    ['budget', budget ? `${budget.ratio} per call + ${budget.minPerSecond}/s` : 'off'],
  ];
}

function describeRate({ limit, perMs, burst }: RateSetting, which: string): (readonly [string, string])[] {
  const per = perMs === 1000 ? '/s' : ` in ${perMs / 1000} s`;
  return [
    [`rate${which}`, `${limit}${per}`],
    [`burst${which}`, burst === null ? "a second's worth" : String(burst)],
  ];
}

function rateSetting({ limit, perMs, burst }: Rate, shared: number | undefined): RateSetting {
  return { limit, perMs, burst: burst ?? shared ?? null };
}

function finite(value: number | undefined): number | null {
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : value;
}

function text(value: number | null): string {
  return value === null ? 'unlimited' : String(value);
}

function isSingle(rate: Rate | readonly Rate[]): rate is Rate {
  return !Array.isArray(rate);
}
