import { describe, expect, test } from 'vitest';
import type { Row } from './rows.ts';
import { tableLines } from './table.ts';

const row: Row = {
  host: 'api.example.com',
  perSecond: 19.63,
  allowed: 20,
  queued: 1_234,
  inFlight: 5,
  tokens: 0.4321,
  retries: 42,
  refusals: 7,
  holdMs: 7_400,
  p50: 84,
  p99: 1_520,
  attempts: 100,
};
const idle: Row = { ...row, host: 'b', perSecond: null, allowed: null, tokens: null, holdMs: 0, p50: null, p99: null };
const long: Row = { ...row, host: 'a-very-long-name.of.some.service.example.org:8443' };

describe('a table', () => {
  test('has all columns where there is room, numbers flush right', () => {
    expect(tableLines([row, idle], 120)).toEqual([
      'HOST             RATE/S  OF  QUEUE  FLIGHT  TOKENS   HOLD  RETRIES  REFUSED    P50    P99',
      'api.example.com    19.6  20  1,234       5    0.43  7.4 s       42        7  84 ms  1.5 s',
      'b                     –   –  1,234       5       –      –       42        7      –      –',
    ]);
  });

  test('goes without what is needed least where there is not', () => {
    const titles = (width: number) => tableLines([row], width)[0]?.split(/ +/);
    expect(titles(80)).toEqual(['HOST', 'RATE/S', 'OF', 'QUEUE', 'FLIGHT', 'HOLD', 'RETRIES', 'REFUSED', 'P99']);
    expect(titles(40)).toEqual(['HOST', 'RATE/S', 'QUEUE', 'HOLD']);
    expect(titles(12)).toEqual(['HOST']);
  });

  test('cuts a long host before it goes without a column', () => {
    expect(tableLines([long], 120)[1]).toMatch(/^a-very-long-name\.of\.[^ ]*… {2,}19\.6 /);
  });

  test.each([1, 2, 10, 20, 33, 40, 60, 79, 80, 100, 120, 200])('is never wider than %d', (width) => {
    for (const line of tableLines([row, idle, long], width)) expect(line.length).toBeLessThanOrEqual(width);
  });
});
