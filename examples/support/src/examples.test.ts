import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { redisProgram } from '@paceline/test-support';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { scripts: Record<string, string> };

/** What each example has to print, whatever the times are. */
const essence: Record<string, readonly string[]> = {
  // Where there is no Redis, and none may be installed, it says so instead.
  fleet:
    (await redisProgram()) === undefined
      ? ['This needs redis-server']
      : ['With the store: ', 'The axios worker was killed: ', 'tokens are local', 'Redis is back, empty: '],
  'axios-interceptor': [
    'the server answered 503, 503, 200',
    'axios got {"order":"/orders/1"}, the response interceptor ran 1 time',
    'Ten calls: the server saw them within',
  ],
  'global-fetch': ['installPace(pace):  10 of 10 calls got a book, the server turned 0 away'],
  'ky-hosts': [
    'catalogue: 20 of 20 calls answered, the server saw 20 requests',
    'partner:   0 of 20 calls answered, the server saw 23 requests',
  ],
  'shared-quota': [
    '45 calls at once: 15 by axios, 15 by ky, 15 by fetch; 0 refused',
    '7 calls: 2 by axios, 3 by ky, 2 by fetch; 0 refused',
  ],
  octokit: ['/repos/paceline/paceline/issues/1  403', 'issues/3/comments  429', 'Octokit got 200, 200, 200, 200'],
  openai: ['POST /v1/chat/completions  503', 'The client got 10 of 10 completions'],
  'simulate-my-server': ["'outage-refused'", 'peak over capacity'],
};

test.concurrent.each(Object.entries(essence))(
  '%s runs as its README says and ends by itself',
  async (name, lines) => {
    const [command, ...args] = scripts[name]?.split(' ') ?? [];
    expect(command).toBe('node');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    for (const line of lines) expect(stdout).toContain(line);
    expect(stderr).toBe('');
  },
  60_000,
);

test('every example that has a command is in the index, and is run here or by Vitest itself', () => {
  const index = readFileSync(`${folder}/README.md`, 'utf8');
  for (const [name, command] of Object.entries(scripts)) {
    expect(index).toContain(`[\`${name}\`](${name})`);
    expect(name in essence || command.startsWith('vitest run')).toBe(true);
  }
});
