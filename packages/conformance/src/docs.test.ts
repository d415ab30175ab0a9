import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CLIENTS } from './clients/clients.ts';
import { differencesTable } from './differences-table.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

const page = await readFile(new URL('../../../docs/clients.md', import.meta.url), 'utf8');

test('docs/clients.md has the table of differences as the suite checks it', () => {
  const table = page.split('\n').filter((line) => line.startsWith('|'));
  expect(table.join('\n')).toBe(differencesTable(CLIENTS, SCENARIOS));
});

test('no two scenarios have the same name', () => {
  const names = SCENARIOS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
