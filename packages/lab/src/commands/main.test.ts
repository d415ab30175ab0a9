import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standardScenarios } from '../scenarios/scenarios.ts';
import { standardStrategies } from '../strategy/strategies.ts';
import { main } from './main.ts';

async function lab(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: {
      write: (text) => {
        err += text;
      },
    },
  });
  return { code, out, err };
}

const folder = mkdtempSync(join(tmpdir(), 'paceline-lab-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a wrong command line', () => {
  test.each([
    ['an unknown command', ['simulate'], ["no command 'simulate'", 'paceline-lab sim']],
    ['no URL to watch', ['watch'], ['expected one URL']],
    [
      'what is no URL to watch',
      ['watch', 'localhost:7700'],
      ['expected a URL such as http://', "got 'localhost:7700'"],
    ],
    ['an interval of nothing', ['watch', 'http://127.0.0.1:7700/', '--every-ms', '0'], ['--every-ms', 'from 50']],
    ['an unknown scenario', ['sim', 'brwnout'], ["no scenario 'brwnout'", 'brownout', 'healthy']],
    ['an unknown variation', ['sim', 'brownout@big'], ["no variation 'big'", 'processes-400']],
    ['an unknown strategy', ['sim', 'healthy', '--strategy', 'paced,best'], ["no strategy 'best'", 'jittered']],
    ['an unknown option', ['sim', '--seed', '3'], ["'--seed'", '--seeds']],
    ['a number that is none', ['sim', 'healthy', '--seeds', 'many'], ['--seeds', 'whole number from 1', "'many'"]],
    ['a rate that is none', ['sim', 'healthy', '--rate', '10'], ['10/s, 600/min or 5000/h', '"10"']],
    ['a jitter that is none', ['sim', 'healthy', '--jitter', 'half'], ['jitter', 'decorrelated']],
    ['a file that is not there', ['sim', 'healthy', '--policy', 'nowhere.json'], ['nowhere.json']],
    ['a server number out of range', ['sim', 'healthy', '--workers', '0'], ['--workers', 'from 1']],
  ])('with %s says what is there', async (_what, args, words) => {
    const { code, out, err } = await lab(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const word of words) expect(err).toContain(word);
  });

  test('says in which file a policy is wrong, in the words of the engine', async () => {
    const path = file('wrong.json', '{ "retry": { "maxRetry": 3 } }');
    expect((await lab('sim', 'healthy', '--policy', path)).err).toContain(`${path}: retry.maxRetry`);
  });

  test('says which export a module should have, and which numbers a server has', async () => {
    const module = file('policy.mjs', 'export const rules = {};');
    expect((await lab('sim', 'healthy', '--policy', module)).err).toContain("an export named 'policy', found rules");
    const server = file('server.json', '{ "threads": 8 }');
    expect((await lab('sim', 'healthy', '--server', server)).err).toContain("no number 'threads'");
  });
});

describe('list', () => {
  test('explains every scenario and every strategy', async () => {
    const { out } = await lab('list');
    for (const { name, title } of [...standardScenarios, ...standardStrategies])
      expect(out).toContain(`${name}: ${title}`);
  });

  test('is plain JSON where that is wanted', async () => {
    const { scenarios, strategies } = JSON.parse((await lab('list', '--json')).out);
    expect(scenarios).toHaveLength(standardScenarios.length);
    expect(strategies).toHaveLength(standardStrategies.length);
  });
});

describe('sensitivity', () => {
  test('shows what half and twice of each number of a policy change, and which of them the engine refuses', async () => {
    const policy = file(
      'numbers.json',
      '{ "rate": "10/s", "retry": { "maxRetries": 1 }, "budget": { "windowMs": 1e308 } }',
    );
    const { out, err } = await lab('sensitivity', 'herd-deep', '--policy', policy, '--quick');
    expect(out).toMatch(/rate +10\/s → 5\/s .*\n +rate +10\/s → 20\/s/);
    expect(out).toMatch(/retry.maxRetries +1 → 2/);
    expect(out).toMatch(/budget.windowMs +1e\+308 → 5e\+307/);
    expect(err).toContain('Left out: ');
    expect(err).toContain('budget.windowMs');
  });

  test('wants one policy with numbers', async () => {
    expect((await lab('sensitivity', 'healthy')).err).toContain('one policy');
    expect((await lab('sensitivity', 'healthy', '--policy', file('none.json', '{}'))).err).toContain('no number');
  });
});

describe('sim', () => {
  test('prints a table for each scenario', async () => {
    const { code, out } = await lab('sim', 'herd-deep', '--strategy', 'simple,paced', '--quick');
    expect(code).toBe(0);
    expect(out).toMatch(/simple +\d/);
    expect(out).toMatch(/paced +\d/);
  });

  test('prints the same JSON for the same seeds', async () => {
    const args = ['sim', 'herd-deep', '--strategy', 'jittered', '--quick', '--seeds', '2', '--json'] as const;
    const [one, two] = [await lab(...args), await lab(...args)];
    expect(two.out).toBe(one.out);
    expect(JSON.parse(one.out).results[0].figures.goodput).toHaveProperty('median');
  });

  test('compares a policy of one’s own, from flags or files, with the ladder at one’s own server', async () => {
    const policy = file('policy.json', '{ "rate": "20/s", "retry": { "backoff": { "kind": "constant", "ms": 50 } } }');
    const server = file(
      'server.mjs',
      'export const server = { workers: 4, serviceMs: 20, processes: 2, perSecond: 20 };',
    );
    const { code, out, err } = await lab(
      'sim',
      'quota-batch',
      '--policy',
      policy,
      '--server',
      server,
      '--quick',
      '--max-retries',
      '5',
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/own +\d/);
    expect(out).toMatch(/jittered +\d/);
  });

  test('shows one figure of everything in one table, with the mean and the worst', async () => {
    const args = [
      'sim',
      'herd-deep',
      'herd-one',
      '--strategy',
      'paced+simple,jittered',
      '--quick',
      '--figure',
      'peakLoad',
    ];
    const { out } = await lab(...args);
    expect(out).toMatch(/ +paced\+simple +jittered\n +herd-deep +[\d.]+ +[\d.]+\n +herd-one .*\n +mean .*\n +worst /);
  });

  test('compares several policies of one’s own by the names of their files or exports', async () => {
    const mild = file('mild.json', '{ "rate": "5/s" }');
    const many = file('many.mjs', 'export const eager = { retry: { maxRetries: 9 } };');
    const args = ['sim', 'errors-50', '--quick', '--strategy', 'none', '--figure', 'attemptsPerCall', '--policy'];
    const { out, err } = await lab(...args, `${mild},${many}#eager`);
    expect(err).toBe('');
    expect(out).toMatch(/mild +eager +none/);
    expect((await lab(...args, `${many}#paced`)).err).toContain("'paced', found eager");
    const twice = await lab(...args, `${mild},${mild}`);
    expect(twice.err).toContain("another strategy 'mild'");
  });

  test('writes a report that needs nothing else', async () => {
    const path = join(folder, 'report.html');
    const { err } = await lab(
      'sim',
      'herd-deep',
      '--strategy',
      'simple,exponential,jittered,paced',
      '--quick',
      '--report',
      path,
    );
    expect(err).toContain(path);
    const html = readFileSync(path, 'utf8');
    expect(html).toContain('What each layer added');
    expect(html).toContain('<svg');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('@media print');
    expect(html).not.toMatch(/<script|src=|<link|@import|url\(/);
  });
});
