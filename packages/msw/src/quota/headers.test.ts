import { expect, test } from 'vitest';
import type { QuotaDialect } from '../scenario/options.ts';
import { quotaHeaders } from './headers.ts';

const wallNow = Date.parse('2026-03-01T12:00:00.400Z');

function refusal(...dialects: QuotaDialect[]): Record<string, string> {
  const rules = { kind: 'fixed-window', limit: 60, perMs: 90_000, burst: 60, dialects } as const;
  const view = { admitted: false, remaining: 0, resetMs: 2_300 };
  return Object.fromEntries(quotaHeaders({ rules, view, wallNow }));
}

function admission(...dialects: QuotaDialect[]): Record<string, string> {
  const rules = { kind: 'fixed-window', limit: 60, perMs: 90_000, burst: 60, dialects } as const;
  const view = { admitted: true, remaining: 7, resetMs: 2_300 };
  return Object.fromEntries(quotaHeaders({ rules, view, wallNow }));
}

test('each dialect says the same 2.3 s, rounded up to what it can express', () => {
  expect(refusal('none')).toEqual({});
  expect(refusal('retry-after')).toEqual({ 'Retry-After': '3' });
  expect(refusal('retry-after-date')).toEqual({ 'Retry-After': 'Sun, 01 Mar 2026 12:00:03 GMT' });
  expect(refusal('ratelimit')).toEqual({
    'RateLimit-Policy': '"default";q=60;w=90',
    RateLimit: '"default";r=0;t=3',
  });
  expect(refusal('ratelimit-fields')).toEqual({
    'RateLimit-Limit': '60',
    'RateLimit-Remaining': '0',
    'RateLimit-Reset': '3',
  });
  expect(refusal('x-ratelimit')['X-RateLimit-Reset']).toBe('3');
  expect(refusal('x-ratelimit-epoch')['X-RateLimit-Reset']).toBe(`${Date.parse('2026-03-01T12:00:03Z') / 1000}`);
  expect(refusal('x-ratelimit-epoch-ms')['X-RateLimit-Reset']).toBe(`${wallNow + 2_300}`);
});

test('an admitted request carries the quota fields but no Retry-After', () => {
  expect(admission('retry-after', 'retry-after-date')).toEqual({});
  expect(admission('x-ratelimit')).toMatchObject({ 'X-RateLimit-Remaining': '7', 'X-RateLimit-Reset': '3' });
});

test('several dialects go together, as with GitHub', () => {
  expect(Object.keys(refusal('retry-after', 'x-ratelimit-epoch'))).toEqual([
    'Retry-After',
    'X-RateLimit-Limit',
    'X-RateLimit-Remaining',
    'X-RateLimit-Reset',
  ]);
});
