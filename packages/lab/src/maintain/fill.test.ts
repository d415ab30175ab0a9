import { expect, test } from 'vitest';
import { compare, localRunner } from '../suite/compare.ts';
import { resolvePlan } from '../suite/plan.ts';
import { filled } from './fill.ts';

const plan = { scenarios: ['herd-deep'], strategies: ['simple', 'jittered'], seeds: [1], share: 0.1 };

test('a page gets its figures between its marks, the same ones however often', async () => {
  const cells = await compare({ ...(await resolvePlan(plan)), runners: [localRunner()] });
  const results = { cells, contention: [] };
  const page = [
    'Attempts: <!--lab=herd-deep/simple/attemptsPerCall-->?<!--/lab-->.',
    '<!-- lab:scenario herd-deep -->',
    'old',
    '<!-- /lab -->',
    'Prose stays.',
  ].join('\n');
  const once = filled(page, results);
  expect(once).toMatch(/Attempts: <!--.*-->3\.\d\d<!--\/lab-->\./);
  expect(once).toMatch(/\| jittered \|.*\d/);
  expect(once).not.toContain('old');
  expect(once).toContain('Prose stays.');
  expect(filled(once, results)).toBe(once);
});

test('a mark that asks for what is not there is an error that names what is', () => {
  const fill = (page: string): string => filled(page, { cells: [], contention: [] });
  expect(() => fill('<!--lab=herd/simple/goodput-->x<!--/lab-->')).toThrow("no scenario 'herd'");
  expect(() => fill('<!-- lab:chart -->\n<!-- /lab -->')).toThrow('There are: scenario, scores');
});
