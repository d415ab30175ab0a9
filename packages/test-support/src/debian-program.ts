import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that tests run, and where it comes from. */
export interface DebianProgram {
  /** Name of the executable, as in `redis-server`. */
  readonly program: string;
  /** Executables that would do as well. */
  readonly or?: readonly string[];
  /** Debian package that has it. @default the program's own name */
  readonly from?: string;
  /** What cannot be tested without it, for the message: "the dashboard in a browser". */
  readonly tests: string;
}

/** Longest that fetching and unpacking a package may take, another one's turn at the package manager included. */
const INSTALL_MS = 240_000;

/**
 * Path of a program. If it is not there, its Debian package is installed where that may be done: as root, with apt-get.
 * Otherwise says what is skipped and how to run it, and returns undefined.
 *
 * @throws Error in CI (`CI` is set), which has to test everything.
 *
 * @example
 * ```ts
 * import { debianProgram } from '@paceline/test-support';
 * import { describe } from 'vitest';
 *
 * const redis = await debianProgram({ program: 'redis-server', tests: 'the store at a real Redis' });
 * describe.skipIf(redis === undefined)('a real Redis', () => {});
 * ```
 */
export async function debianProgram(wanted: DebianProgram): Promise<string | undefined> {
  const { program, or = [], from = program, tests } = wanted;
  const found = await firstOnPath([program, ...or]);
  if (found !== undefined) return found;
  const problem = await install(from);
  const installed = await findOnPath(program);
  if (installed !== undefined) return installed;
  const reason = `${program} is not here, and ${problem ?? `the package ${from} does not have it`}`;
  if (process.env.CI) throw new Error(`${reason}: CI has to test ${tests}`);
  console.warn(`Skipped: ${tests}. ${reason}. To run it, install it: apt-get install ${from}`);
  return undefined;
}

/** Path of the first of these executables that is on PATH. */
export async function firstOnPath(programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    const path = await findOnPath(program);
    if (path !== undefined) return path;
  }
  return undefined;
}

async function findOnPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why it could not be installed; undefined if it was. */
async function install(name: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root may install it';
  if ((await findOnPath('apt-get')) === undefined) return 'there is no apt-get to install it';
  console.warn(`Installing ${name}, which some tests need`);
  // Test files run side by side: whoever comes second waits for the first one's lock.
  const apt = ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=200', '--no-install-recommends'];
  const options = { timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    // Lists may be missing, and with them the package; that they cannot be renewed is no reason to give up.
    await run('apt-get', ['update', ...apt], options).catch(() => {});
    await run('apt-get', ['install', ...apt, name], options);
    return undefined;
  } catch (error) {
    return `apt-get could not install it (${(error as Error).message.trim().split('\n').at(-1)})`;
  }
}
