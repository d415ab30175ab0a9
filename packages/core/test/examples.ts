import { execFile } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where examples are told: pages and the docstrings of sources. */
const PAGES = ['README.md', 'docs/**/*.md', '{packages,examples}/*/README.md', 'packages/*/src/**/*.ts'];

/** A piece of TypeScript that readers will copy. */
export interface Example {
  /** File that tells it, from the root of the repository. */
  readonly page: string;
  /** Line of its first line. */
  readonly line: number;
  readonly code: string;
  /** What it goes on from. */
  readonly context: string;
}

/** Something that the compiler says of an example, at its place in the page. */
export interface Complaint {
  readonly page: string;
  readonly line: number;
  readonly message: string;
}

/** Every example of the repository. */
export function allExamples(): Example[] {
  const pages = globSync(PAGES, { cwd: ROOT, exclude: (path) => path === 'node_modules' || path.endsWith('.test.ts') });
  return pages
    .filter((page) => !PROVEN_ELSEWHERE.test(page))
    .toSorted()
    .flatMap((page) => examplesOf(page, readFileSync(join(ROOT, page), 'utf8')));
}

/** The failure kit's pages are checked, block by block, against tests of its own that run them. */
const PROVEN_ELSEWHERE = /^(packages\/msw\/README|docs\/failure-kit)\.md$/;

/**
 * The ts blocks of a page, without what stands before every line of them: indentation, or a comment's asterisk. On a page
 * for readers, a block that imports nothing goes on from those before it; one in a docstring stands for itself.
 */
export function examplesOf(page: string, text: string): Example[] {
  const examples: Example[] = [];
  for (const block of text.matchAll(/^([ *]*)```ts\n([\s\S]*?)^\1```$/gm)) {
    const [, margin = '', body = ''] = block;
    const lines = body.split('\n').map((line) => (line.startsWith(margin) ? line.slice(margin.length) : ''));
    const code = lines.join('\n');
    const before = page.endsWith('.md') && !/^import /m.test(code) ? examples.at(-1) : undefined;
    const context = before === undefined ? '' : before.context + before.code;
    examples.push({ page, line: text.slice(0, block.index).split('\n').length + 1, code, context });
  }
  return examples;
}

/** Compiles each example in a file of its own, as in a user's project that has all packages installed. */
export async function compile(examples: readonly Example[]): Promise<Complaint[]> {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const project = mkdtempSync(join(cache, 'examples-'));
  try {
    install(join(project, 'node_modules'));
    const files = examples.map((_, index) => `${index}.ts`);
    for (const [index, { context, code }] of examples.entries()) {
      writeFileSync(join(project, `${index}.ts`), context + code);
    }
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(configOf(files)));
    return complaintsIn(await tsc(project), examples);
  } finally {
    rmSync(project, { recursive: true });
  }
}

/** What is wrong in a context is told where that stands. */
function complaintsIn(output: string, examples: readonly Example[]): Complaint[] {
  const errors = [...output.matchAll(/^(\d+)\.ts\((\d+),\d+\): error (.*)$/gm)];
  return errors.flatMap(([, index, line, message = '']) => {
    const example = examples[Number(index)];
    if (example === undefined) return [];
    const offset = Number(line) - example.context.split('\n').length;
    return offset < 0 ? [] : [{ page: example.page, line: example.line + offset, message }];
  });
}

/** Links our packages, and all that they depend on, into one folder. */
function install(modules: string): void {
  for (const manifest of globSync('packages/*/package.json', { cwd: ROOT })) {
    const folder = join(ROOT, dirname(manifest));
    const { name } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as { name: string };
    link(folder, join(modules, name));
    for (const installed of globSync(['[!.@]*', '@*/*'], { cwd: join(folder, 'node_modules') })) {
      link(join(folder, 'node_modules', installed), join(modules, installed));
    }
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!readdirSync(dirname(path)).includes(basename(path))) symlinkSync(target, path);
}

/** A reader's settings, as strict as ours; only what a library has to declare is left out. */
function configOf(files: readonly string[]): object {
  return {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: { composite: false, isolatedDeclarations: false, noEmit: true, types: ['node'] },
    files,
  };
}

/** What the compiler says; it also says something, and fails, where it could not work at all. */
async function tsc(project: string): Promise<string> {
  const path = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const args = [path, '--project', project, '--pretty', 'false'];
  return await new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: project }, (error, stdout, stderr) => {
      if (error !== null && !stdout.includes('error TS')) fail(new Error(stderr, { cause: error }));
      else done(stdout);
    });
  });
}
