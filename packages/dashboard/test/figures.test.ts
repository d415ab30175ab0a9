import { createPaceline, perSecond } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { ask } from './ask.ts';
import { answered, HOST, servedFor, worldOf } from './world.ts';

describe('snapshot.json', () => {
  test('is the snapshot', async () => {
    const { pace, dashboard } = await worldOf({ hosts: { [HOST]: { concurrency: 3 } } });
    const { status, headers, text } = await ask(`${dashboard.url}snapshot.json`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    const { at, ...told } = JSON.parse(text) as Record<string, unknown>;
    const { at: now, ...snapshot } = pace.snapshot();
    expect(told).toMatchObject({
      closed: snapshot.closed,
      lanes: [{ host: HOST, concurrency: 3, counters: { calls: 1 } }],
    });
    expect(at).toBeLessThanOrEqual(now);
  });
});

describe('metrics', () => {
  test('are text for Prometheus: a help and a type each, seconds, totals, one series a host', async () => {
    const { pace, dashboard } = await worldOf({
      hosts: { [HOST]: { rate: perSecond(10), concurrency: 3, budget: false } },
    });
    pace.hold(HOST, 60_000);
    const { headers, text } = await ask(`${dashboard.url}metrics`);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const { families, values } = parsed(text);
    expect(values.get(`paceline_attempts_total{host="${HOST}"}`)).toBe(1);
    expect(values.get(`paceline_in_flight_limit{host="${HOST}"}`)).toBe(3);
    expect(values.get(`paceline_burst{host="${HOST}",bucket="0"}`)).toBe(10);
    expect(values.get(`paceline_hold_remaining_seconds{host="${HOST}"}`)).toBeCloseTo(60, 0);
    expect(values.get(`paceline_attempt_duration_seconds_count{host="${HOST}"}`)).toBe(1);
    expect(values.get(`paceline_attempt_duration_seconds{host="${HOST}",quantile="0.5"}`)).toBeLessThan(1);
    expect(values.get('paceline_closed')).toBe(0);
    // Of this host there is no budget, and of no host a refusal.
    expect([...families.keys()]).not.toContain('paceline_budget_balance');
    expect([...families.keys()]).not.toContain('paceline_refusals_total');
    for (const [name, type] of families) expect(name.endsWith('_total')).toBe(type === 'counter');
  });

  test('count retries by reason and refusals by code', async () => {
    const pace = createPaceline({
      defaults: { retry: { maxRetries: 2, backoff: { delayMs: () => 0 } }, budget: false },
    });
    await answered(pace, `https://${HOST}/`, 503);
    await pace.close();
    await answered(pace, `https://${HOST}/`);
    const { values } = parsed((await ask(`${(await servedFor(pace)).url}metrics`)).text);
    expect(values.get(`paceline_retries_total{host="${HOST}",reason="status"}`)).toBe(2);
    expect(values.get(`paceline_refusals_total{host="${HOST}",code="CLOSED"}`)).toBe(1);
    expect(values.get('paceline_closed')).toBe(1);
  });

  test('escape what a lane may be called', async () => {
    const pace = createPaceline({ keyOf: () => 'a "key"\\of\nmine' });
    await answered(pace, 'https://api.example.com/');
    const { text } = await ask(`${(await servedFor(pace)).url}metrics`);
    expect(text).toContain('paceline_calls_total{host="a \\"key\\"\\\\of\\nmine"} 1\n');
  });

  test('of an engine that has made no call say little, and are well formed', async () => {
    const { text } = await ask(`${(await servedFor(createPaceline())).url}metrics`);
    expect([...parsed(text).values]).toEqual([['paceline_closed', 0]]);
  });
});

/** Reads the text format as its specification has it, and throws at any line that it does not know. */
function parsed(text: string): { families: Map<string, string>; values: Map<string, number> } {
  const families = new Map<string, string>();
  const values = new Map<string, number>();
  let family = '';
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      expect(families).not.toContain(name);
      family = name;
    } else if (kind === 'TYPE') {
      expect(name).toBe(family);
      families.set(name, rest);
    } else {
      const [, series = '', value] =
        /^([a-zA-Z_:][\w:]*(?:\{(?:\w+="(?:[^"\\]|\\["\\n])*",?)+\})?) (\S+)$/.exec(line) ?? [];
      expect(series.startsWith(family), line).toBe(true);
      expect(values.has(series)).toBe(false);
      values.set(series, Number(value));
    }
  }
  return { families, values };
}
