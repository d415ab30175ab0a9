import { expect, test } from 'vitest';
import { Figures } from './figures.ts';

test('a lane counts from zero, retries by reason and refusals by code', () => {
  const figures = new Figures();
  expect(figures.snapshot()).toEqual({
    calls: 0,
    attempts: 0,
    settled: 0,
    aborted: 0,
    unpaid: 0,
    fallbacks: 0,
    hedges: 0,
    hedgesWon: 0,
    retries: {},
    refused: {},
  });
  figures.calls += 2;
  figures.retried('status');
  figures.retried('status');
  figures.retried('throttled');
  figures.refused('QUEUE_FULL');
  expect(figures.snapshot()).toMatchObject({
    calls: 2,
    retries: { status: 2, throttled: 1 },
    refused: { QUEUE_FULL: 1 },
  });
});

test('a snapshot stays as it was taken', () => {
  const figures = new Figures();
  figures.retried('network');
  const before = figures.snapshot();
  figures.retried('network');
  figures.refused('CLOSED');
  expect(before.retries).toEqual({ network: 1 });
  expect(before.refused).toEqual({});
});
